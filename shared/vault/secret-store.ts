import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { isUnavailable } from '../aws-clients/is-unavailable.ts';
import { faultOf, SecretCorruptError, VaultRefusedError, VaultUnavailableError } from './errors.ts';

/** The three requests to Secrets Manager that the vault is made of. */
export interface SecretStore {
  create(name: string, text: string): Promise<void>;
  /** @returns undefined when there is no such secret (yet, or any more) */
  read(name: string): Promise<string | undefined>;
  /** At once and for good; nothing happens when there is no such secret. */
  destroy(name: string): Promise<void>;
}

export function createSecretStore(
  client: SecretsManagerClient,
  options: { readonly encryptionKey?: string | undefined } = {},
): SecretStore {
  const encryption = options.encryptionKey === undefined ? {} : { KmsKeyId: options.encryptionKey };
  return {
    async create(name, text) {
      await call('CreateSecret', () =>
        client.send(new CreateSecretCommand({ Name: name, SecretString: text, ...encryption })),
      );
    },

    read(name) {
      return call('GetSecretValue', async () => {
        try {
          const answer = await client.send(new GetSecretValueCommand({ SecretId: name }));
          if (answer.SecretString === undefined) throw new SecretCorruptError();
          return answer.SecretString;
        } catch (error) {
          // InvalidRequest: it is marked for deletion.
          if (error instanceof ResourceNotFoundException || error instanceof InvalidRequestException)
            return undefined;
          throw error;
        }
      });
    },

    async destroy(name) {
      await call('DeleteSecret', async () => {
        try {
          await client.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }));
        } catch (error) {
          if (!(error instanceof ResourceNotFoundException)) throw error;
        }
      });
    },
  };
}

/** Turns what the SDK throws into errors that hold nothing of a request. */
async function call<Answer>(operation: string, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof SecretCorruptError) throw error;
    if (isUnavailable(error)) throw new VaultUnavailableError(operation, faultOf(error));
    throw new VaultRefusedError(operation, faultOf(error));
  }
}
