import { loadFunctions } from '../infra/local/load-functions.ts';
import { startLocalCloud } from '../infra/local/local-cloud.ts';
import { runPipeline } from '../infra/local/run-pipeline.ts';
import { SCOPES } from '../shared/api/caller.ts';
import { UsageError } from './errors.ts';

/** The tenant of one machine: who runs the command line is its only administrator. */
export const LOCAL_TENANT = 'local';

const TOKEN_SECONDS = 12 * 3600;

export interface LocalServiceOptions {
  readonly stateDir: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly resyncSeconds?: number | undefined;
  readonly lanes?: number | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The whole of Mailhaul in this process, and its HTTP API. */
export interface LocalService {
  readonly url: string;
  /** A new token of the local administrator. */
  token(expiresInSeconds?: number): Promise<string>;
  /** Takes no more work, lets what runs hand over for up to `graceMs`, keeps the state. */
  stop(graceMs?: number): Promise<void>;
}

const LOG_LEVELS = new Set(['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT']);

/**
 * @throws UsageError for an unknown log level
 * @throws StateFolderBusyError, LocalServiceError, MasterKeyError
 */
export async function startLocalService(options: LocalServiceOptions): Promise<LocalService> {
  const logLevel = (options.environment['MAILHAUL_LOG_LEVEL'] ?? 'SILENT').toUpperCase();
  if (!LOG_LEVELS.has(logLevel)) {
    throw new UsageError(`MAILHAUL_LOG_LEVEL is not one of ${[...LOG_LEVELS].join(', ')}. Correct it or unset it.`);
  }
  const cloud = await startLocalCloud({
    stateDir: options.stateDir,
    apiPort: options.port,
    doubleDelivery: options.environment['MAILHAUL_DOUBLE_DELIVERY'] === 'true',
    // A pass that is due in two seconds must not wait for a timer of sixty.
    ...(options.resyncSeconds === undefined ? {} : { timerSeconds: Math.max(1, Math.min(60, options.resyncSeconds)) }),
    variables: {
      MAILHAUL_LOG_LEVEL: logLevel,
      ...(options.resyncSeconds === undefined ? {} : { MAILHAUL_RESYNC_SECONDS: String(options.resyncSeconds) }),
      ...(options.lanes === undefined ? {} : { MAILHAUL_LANES: String(options.lanes) }),
    },
  });
  try {
    const pipeline = await runPipeline(cloud, await loadFunctions(cloud.environment));
    return {
      url: pipeline.url,
      token: (expiresInSeconds = TOKEN_SECONDS) =>
        pipeline.issueToken({ tenant: LOCAL_TENANT, scopes: SCOPES, expiresInSeconds, subject: 'command-line' }),
      async stop(graceMs) {
        try {
          await pipeline.stop(graceMs);
        } finally {
          await cloud.close();
        }
      },
    };
  } catch (error) {
    await cloud.close();
    throw error;
  }
}
