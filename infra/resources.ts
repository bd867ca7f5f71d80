/**
 * Facts that the cloud and one machine share. The CDK code and `infra/local/` both read them here, so that a
 * queue's timeout or a key's name exists once.
 */

/** The single table: every entity of every tenant. */
export const TABLE = {
  name: 'mailhaul',
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLive: 'expiresAt',
  /** Key attributes are strings, but for these. */
  numberKeys: ['dueAt'],
  indexes: {
    /** Mailboxes by the time at which somebody must look at them, spread over shards. */
    due: { name: 'due', partitionKey: 'dueShard', sortKey: 'dueAt', include: ['tenant', 'mailboxId'] },
    /** Mailboxes of a migration by status, for lists and counts. */
    status: { name: 'status', partitionKey: 'statusKey', sortKey: 'mailboxId', include: ['tenant'] },
  },
} as const;

/**
 * The functions of the pipeline; `name` is the folder in `functions/`. A chunk worker works for up to `budgetSeconds`,
 * then hands over by a new message.
 */
export const FUNCTIONS = {
  api: { name: 'api', timeoutSeconds: 29, memoryMb: 512 },
  planPass: { name: 'plan-pass', timeoutSeconds: 360, memoryMb: 1024 },
  syncChunk: { name: 'sync-chunk', timeoutSeconds: 360, budgetSeconds: 270, memoryMb: 1769 },
  resyncTimer: { name: 'resync-timer', timeoutSeconds: 50, memoryMb: 512 },
  deadLetters: { name: 'dead-letters', timeoutSeconds: 30, memoryMb: 256 },
} as const;

/** Runs at sign-in, where the cloud has a user pool of its own. Cognito waits for 5 s. */
export const SIGN_IN_FUNCTION = { name: 'sign-in-claims', timeoutSeconds: 5, memoryMb: 256 } as const;

/** The routes of the HTTP API; the function behind them knows more exactly. `jwt`: only with a token that was verified. */
export const API_ROUTES = [
  { method: 'GET', path: '/v1/openapi.json', access: 'open' },
  { method: 'GET', path: '/v1/health', access: 'open' },
  // users, who have no account here, come with a word that nobody can guess
  { method: 'GET', path: '/v1/consent/{proxy+}', access: 'open' },
  { method: 'ANY', path: '/v1/{proxy+}', access: 'jwt' },
] as const;

/**
 * Variables of every function's process that bound its memory. Left to itself Node's heap grows as far as the machine
 * lets it, by a hundred megabytes in its young part and by more in the old one, and nothing is faster for it. A worker's
 * libraries take 30 MB. glibc keeps buffers that were freed unless it is told to give back what is larger than these
 * bytes: 20 MB in a worker that has copied.
 */
export const FUNCTION_MEMORY = {
  NODE_OPTIONS: '--max-semi-space-size=8 --max-old-space-size=128',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
} as const;

/** Visibility is six times the function's timeout, as the event source mapping asks for. */
export const QUEUES = {
  passes: {
    name: 'mailhaul-passes',
    deadLetterName: 'mailhaul-passes-dead',
    visibilitySeconds: 6 * FUNCTIONS.planPass.timeoutSeconds,
    maxReceiveCount: 5,
    batchSize: 1,
    maximumConcurrency: 50,
  },
  chunks: {
    name: 'mailhaul-chunks',
    deadLetterName: 'mailhaul-chunks-dead',
    visibilitySeconds: 6 * FUNCTIONS.syncChunk.timeoutSeconds,
    maxReceiveCount: 5,
    batchSize: 1,
    maximumConcurrency: 500,
  },
  deadLetters: {
    batchSize: 10,
    retentionDays: 14,
    visibilitySeconds: 6 * FUNCTIONS.deadLetters.timeoutSeconds,
    maximumConcurrency: 2,
  },
} as const;

/** The timer that finds mailboxes which are due, in seconds. */
export const RESYNC_TIMER_SECONDS = 60;

/** Secrets live under this prefix: credential shards and administrators' secrets. In the cloud the stage follows. */
export const SECRET_PREFIX = 'mailhaul/';
