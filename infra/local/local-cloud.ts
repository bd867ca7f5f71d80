import { randomUUID } from 'node:crypto';
import { devNull } from 'node:os';
import { SECRET_PREFIX, TABLE } from '../resources.ts';
import { type AccessKey, createAccessKey } from './access-key.ts';
import { type LocalLogger, silentLogger } from './local-logger.ts';
import type { LocalQueues } from './queues/create-queues.ts';
import { lockStateFolder } from './state-folder-lock.ts';
import { startCloudThread } from './thread/cloud-thread.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface LocalCloudOptions {
  /** Where everything that lasts is kept; made (mode 0700) if missing. */
  readonly stateDir: string;
  readonly logger?: LocalLogger;
  /** Port of the HTTP API on 127.0.0.1; 0, the default, takes a free one. */
  readonly apiPort?: number;
  /** Period of the resync timer (seconds). */
  readonly timerSeconds?: number;
  /** Every queue message is delivered twice, to prove that the second delivery changes nothing. */
  readonly doubleDelivery?: boolean;
  /** Replaces the queues' visibility times (seconds), for tests that wait for a redelivery. */
  readonly visibilitySeconds?: number;
  /**
   * Whether state that is stored outlives a power cut (the default), or only the end of the process, however sudden.
   * A page of the ledger that a power cut took back would be copied once more.
   */
  readonly syncWrites?: boolean;
  /** 32 bytes as base64 or hex that secrets are encrypted with; without it a key file in the state folder. */
  readonly masterKey?: string;
  /** Given to the functions on top of what the cloud itself sets: `MAILHAUL_RESYNC_SECONDS`, `MAILHAUL_LANES` and so on. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** DynamoDB, SQS and Secrets Manager of one machine, running in a thread of their own. */
export interface LocalCloud {
  readonly options: LocalCloudOptions;
  readonly stateDir: string;
  readonly logger: LocalLogger;
  readonly queues: LocalQueues;
  /** What the services ask of their clients; the environment carries them too. */
  readonly credentials: AccessKey;
  /** The environment variables that the functions and the AWS SDK need to work against this cloud. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Fires when the services have ended although nobody closed them; the reason is a LocalCloudDiedError. Nothing can
   * be read or written then, and whoever runs something on this cloud has to end it.
   */
  readonly died: AbortSignal;
  /** Ends the services and frees the state folder. Bounded; may be called twice. */
  close(): Promise<void>;
}

const REGION = 'us-east-1';

/** How long requests in flight may take to end when the cloud closes. */
const CLOSE_GRACE_MS = 5000;

/**
 * Starts the services that the functions use, on free ports of 127.0.0.1.
 * @throws StateFolderBusyError when another process works in the folder
 * @throws MasterKeyError, LocalServiceError
 * @throws LocalCloudDiedError when the thread of the services has ended at once
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { stateDir, logger = silentLogger, syncWrites = true, masterKey, visibilitySeconds } = options;
  const credentials = createAccessKey();
  const lock = lockStateFolder(stateDir);
  const { accessKeyId } = credentials;
  const thread = startCloudThread({ stateDir, region: REGION, accessKeyId, syncWrites, masterKey }, logger);
  const closeAll = async (): Promise<void> => {
    try {
      await thread.close(CLOSE_GRACE_MS);
    } finally {
      lock.release();
    }
  };
  try {
    const [endpoints, { createResources }] = await Promise.all([
      thread.endpoints,
      // The AWS SDK, which is loaded here while the services are loaded there.
      import('./create-resources.ts'),
    ]);
    const queues = await unlessAborted(
      thread.died,
      createResources({ endpoints, region: REGION, credentials, visibilitySeconds }),
    );
    thread.died.addEventListener('abort', () => {
      logger.error('The embedded services have ended', { error: thread.died.reason as unknown });
    });
    let closing: Promise<void> | undefined;
    return {
      options,
      stateDir,
      logger,
      queues,
      credentials,
      environment: {
        ...options.variables,
        ...endpoints,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        // The user's own AWS profiles must have no say in where requests go.
        AWS_CONFIG_FILE: devNull,
        AWS_SHARED_CREDENTIALS_FILE: devNull,
        MAILHAUL_TABLE: TABLE.name,
        MAILHAUL_PASSES_QUEUE_URL: queues.passes.url,
        MAILHAUL_CHUNKS_QUEUE_URL: queues.chunks.url,
        MAILHAUL_SECRET_PREFIX: SECRET_PREFIX,
        MAILHAUL_EPOCH: randomUUID(),
        MAILHAUL_ALLOW_PRIVATE_ADDRESSES: 'true',
      },
      died: thread.died,
      close: () => (closing ??= closeAll()),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
