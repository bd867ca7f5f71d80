import { systemClock } from '../../../shared/migration/clock.ts';
import { createAccessKeyCheck } from '../access-key.ts';
import { startDynamoDb } from '../dynamodb/dynamodb-server.ts';
import type { LocalLogger } from '../local-logger.ts';
import type { LoopbackServer } from '../loopback-server.ts';
import { startSqs } from '../queues/sqs-server.ts';
import { startSecretsManager } from '../secrets/secrets-server.ts';
import type { CloudSettings, ServiceEndpoints } from './thread-messages.ts';

/** The three services, listening. */
export interface ServedCloud {
  readonly endpoints: ServiceEndpoints;
  /** Lets requests in flight end for up to `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/**
 * Starts DynamoDB, SQS and Secrets Manager on free ports of 127.0.0.1; all of them or none.
 * @throws MasterKeyError, LocalServiceError
 */
export async function serveCloud(settings: CloudSettings, logger: LocalLogger): Promise<ServedCloud> {
  const { stateDir, region, syncWrites, masterKey } = settings;
  const allows = createAccessKeyCheck(settings.accessKeyId);
  const servers: LoopbackServer[] = [];
  const start = async (starting: Promise<LoopbackServer>): Promise<string> => {
    const server = await starting;
    servers.push(server);
    return server.url;
  };
  const close = async (graceMs: number): Promise<void> => {
    await Promise.all(servers.map((server) => server.close(graceMs)));
  };
  try {
    const endpoints = {
      AWS_ENDPOINT_URL_DYNAMODB: await start(startDynamoDb({ stateDir, allows, logger, syncWrites })),
      AWS_ENDPOINT_URL_SQS: await start(startSqs({ region, allows })),
      AWS_ENDPOINT_URL_SECRETS_MANAGER: await start(
        startSecretsManager({ stateDir, region, clock: systemClock, allows, logger, masterKey }),
      ),
    };
    return { endpoints, close };
  } catch (error) {
    await close(0);
    throw error;
  }
}
