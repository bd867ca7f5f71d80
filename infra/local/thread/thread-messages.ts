import type { LocalLogger } from '../local-logger.ts';
import type { CarriedError } from './carried-error.ts';
import type { CarriedData } from './carried-data.ts';

/** What the thread of the services is told when it is made. */
export interface CloudSettings {
  readonly stateDir: string;
  readonly region: string;
  /** The one whose requests are answered. */
  readonly accessKeyId: string;
  readonly syncWrites: boolean;
  /** Text of MAILHAUL_MASTER_KEY; without it a key file in the state folder. */
  readonly masterKey: string | undefined;
}

/** Where the services listen, under the names that the AWS SDK reads. */
export interface ServiceEndpoints {
  readonly AWS_ENDPOINT_URL_DYNAMODB: string;
  readonly AWS_ENDPOINT_URL_SQS: string;
  readonly AWS_ENDPOINT_URL_SECRETS_MANAGER: string;
}

/** The only thing that the thread is told later: to end its services, letting requests in flight end for `graceMs`. */
export interface ToCloudThread {
  readonly kind: 'close';
  readonly graceMs: number;
}

/** What the thread tells. After `failed` it ends by itself. */
export type FromCloudThread =
  | { readonly kind: 'ready'; readonly endpoints: ServiceEndpoints }
  | { readonly kind: 'failed'; readonly error: CarriedError }
  | {
      readonly kind: 'log';
      readonly level: keyof LocalLogger;
      readonly message: string;
      readonly data: CarriedData;
    };
