import { loadFunctions } from '../infra/local/load-functions.ts';
import { type LocalCloud, startLocalCloud } from '../infra/local/local-cloud.ts';
import type { RunningPipeline } from '../infra/local/run-pipeline.ts';
import { SCOPES } from '../shared/api/caller.ts';
import { UsageError } from './errors.ts';
import { serviceLogger } from './service-logger.ts';

/** The tenant of one machine: who runs the command line is its only administrator. */
const LOCAL_TENANT = 'local';

const TOKEN_SECONDS = 12 * 3600;

export interface LocalServiceOptions {
  readonly stateDir: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly resyncSeconds?: number | undefined;
  readonly lanes?: number | undefined;
  /** Where users reach it, if not at its own address. */
  readonly publicUrl?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The whole of Mailhaul in this process, and its HTTP API. */
export interface LocalService {
  readonly url: string;
  /** A new token of the local administrator. */
  token(expiresInSeconds?: number): Promise<string>;
  /** See `RunningPipeline`. */
  workEnded(signal: AbortSignal): Promise<void>;
  /** Fires when the service cannot go on: its cloud has ended. The reason is a LocalCloudDiedError. */
  readonly failed: AbortSignal;
  /** Takes no more work, lets what runs hand over for up to `graceMs`, keeps the state. */
  stop(graceMs?: number): Promise<void>;
}

/** One machine can afford to look often: a fault that passes in two seconds must not cost the cloud's minute. */
const TIMER_SECONDS = 5;

/** Nor does a write cost anything here: progress and stops are seen within the second. */
const RENEW_MS = 1000;

const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const;

/**
 * @param load loads the functions; their handlers work in this process, unless told otherwise
 * @throws UsageError for a variable of the environment that makes no sense
 * @throws StateFolderBusyError, LocalServiceError, MasterKeyError, LocalCloudDiedError
 */
export async function startLocalService(
  options: LocalServiceOptions,
  load: typeof loadFunctions = loadFunctions,
): Promise<LocalService> {
  const wanted = (options.environment['MAILHAUL_LOG_LEVEL'] ?? 'SILENT').toUpperCase();
  const logLevel = LOG_LEVELS.find((level) => level === wanted);
  if (logLevel === undefined) {
    throw new UsageError(
      `MAILHAUL_LOG_LEVEL is not one of ${LOG_LEVELS.join(', ')}. Correct it or unset it.`,
    );
  }
  const masterKey = options.environment['MAILHAUL_MASTER_KEY'];
  const starting = startLocalCloud({
    stateDir: options.stateDir,
    logger: serviceLogger(logLevel),
    ...(masterKey !== undefined && { masterKey }),
    apiPort: options.port,
    doubleDelivery: options.environment['MAILHAUL_DOUBLE_DELIVERY'] === 'true',
    timerSeconds: Math.min(TIMER_SECONDS, options.resyncSeconds ?? TIMER_SECONDS),
    variables: {
      MAILHAUL_RENEW_MS: String(RENEW_MS),
      ...settleVariable(options.environment['MAILHAUL_SETTLE_MS']),
      MAILHAUL_LOG_LEVEL: logLevel,
      ...(options.resyncSeconds === undefined
        ? {}
        : { MAILHAUL_RESYNC_SECONDS: String(options.resyncSeconds) }),
      ...(options.publicUrl === undefined ? {} : { MAILHAUL_PUBLIC_URL: options.publicUrl }),
      ...(options.lanes === undefined ? {} : { MAILHAUL_LANES: String(options.lanes) }),
    },
  });
  // What this thread loads takes as long as the start of the services in theirs.
  const [started, loaded] = await Promise.allSettled([starting, loadPipeline(load)]);
  if (started.status === 'rejected') throw started.reason;
  const cloud = started.value;
  try {
    if (loaded.status === 'rejected') throw loaded.reason;
    return serviceOf(cloud, await loaded.value(cloud));
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

async function loadPipeline(
  load: typeof loadFunctions,
): Promise<(cloud: LocalCloud) => Promise<RunningPipeline>> {
  const [{ runPipeline }, makeHandlers] = await Promise.all([
    import('../infra/local/run-pipeline.ts'),
    load(),
  ]);
  return (cloud) => runPipeline(cloud, makeHandlers(cloud.environment));
}

function serviceOf(cloud: LocalCloud, pipeline: RunningPipeline): LocalService {
  return {
    url: pipeline.url,
    workEnded: pipeline.workEnded,
    failed: cloud.died,
    token: (expiresInSeconds = TOKEN_SECONDS) =>
      pipeline.issueToken({
        tenant: LOCAL_TENANT,
        scopes: SCOPES,
        expiresInSeconds,
        subject: 'command-line',
      }),
    async stop(graceMs) {
      try {
        // Without its cloud a function has nothing to hand over to.
        await pipeline.stop(cloud.died.aborted ? 0 : graceMs);
      } finally {
        await cloud.close();
      }
    },
  };
}

/** For how long a destination must stand still after a crash; the functions know the default. */
function settleVariable(milliseconds: string | undefined): Record<string, string> {
  if (milliseconds === undefined || milliseconds === '') return {};
  if (!/^\d{1,6}$/.test(milliseconds)) {
    throw new UsageError('MAILHAUL_SETTLE_MS is not a number of milliseconds. Correct it or unset it.');
  }
  return { MAILHAUL_SETTLE_MS: milliseconds };
}
