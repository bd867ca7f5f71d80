import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import type { Logger } from '@aws-lambda-powertools/logger';
import { createClients } from './aws-clients/create-clients.ts';
import { type HostResolver, systemResolver } from './imap/session/address-policy.ts';
import { type Environment, readEnvironment } from './environment/read-environment.ts';
import { type Clock, systemClock } from './migration/clock.ts';
import { createQueues, type Queues } from './queue/queues.ts';
import { createState, type State } from './state/create-state.ts';
import { createLogger } from './telemetry/create-logger.ts';
import { createVault, type Vault } from './vault/vault.ts';

/** What every function works with; made once for each execution environment from its variables. */
export interface Services {
  readonly state: State;
  readonly vault: Vault;
  readonly queues: Queues;
  readonly clock: Clock;
  /** A new ULID. */
  readonly ids: () => string;
  /** A new word that nobody can guess: 256 bits, base64url. */
  readonly words: () => string;
  /** 0 <= n < 1, for jitter. */
  readonly random: () => number;
  /** Names of mail servers to addresses. */
  readonly hostResolver: HostResolver;
  readonly logger: Logger;
  readonly environment: Environment;
}

/** @throws EnvironmentInvalidError when a variable is missing. */
export function createServices(
  serviceName: string,
  variables: Readonly<Record<string, string | undefined>>,
): Services {
  const environment = readEnvironment(variables);
  const clients = createClients(variables, { application: `mailhaul-${serviceName}` });
  const ids = (): string => ulid();
  const state = createState(clients.documents, { table: environment.table, clock: systemClock, ids });
  return {
    state,
    vault: createVault(clients.secrets, {
      prefix: environment.secretPrefix,
      encryptionKey: environment.secretKey,
      state,
    }),
    queues: createQueues(clients.sqs, {
      passesUrl: environment.passesQueueUrl,
      chunksUrl: environment.chunksQueueUrl,
    }),
    clock: systemClock,
    ids,
    words: () => randomBytes(32).toString('base64url'),
    random: Math.random,
    hostResolver: systemResolver,
    logger: createLogger(serviceName, environment),
    environment,
  };
}
