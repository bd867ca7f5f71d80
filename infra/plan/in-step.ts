import { BUDGET_MS, CONCURRENCY } from '../../shared/lifecycle/wake-due.ts';
import { DUE_SHARDS } from '../../shared/migration/resync-schedule.ts';
import { SHARD_LIMITS } from '../../shared/vault/shard-limits.ts';
import { FUNCTIONS, QUEUES, RESYNC_TIMER_SECONDS } from '../resources.ts';
import { type AwsUsage, sumUsage, timesUsage, usageOf } from './aws-usage.ts';
import { ASSUMED, MEASURED } from './measured-costs.ts';
import { laterPassUsage } from './pass-usage.ts';
import type { PlanInput } from './plan-input.ts';

const DAY = 86_400;
const GB = 1e9;
/** One wake: the mailbox, its migration and its lanes are read, the mailbox is written, a message is sent. */
const WAKE_ROUND_TRIPS = 5;
/** The table's, and that of the secrets. */
const KMS_KEYS = 2;
const LONG_POLL_SECONDS = 20;
/** Mailboxes that one tick of the timer sees to. */
export const SEEN_PER_TICK = (BUDGET_MS * CONCURRENCY) / (WAKE_ROUND_TRIPS * ASSUMED.tableMs);

/** All mailboxes in step, as the timer and the planners keep them. */
export interface InStep {
  /** From one look at a mailbox to the next: as asked for, or as long as it takes. */
  readonly cycleSeconds: number;
  readonly slowedBy: 'nothing' | 'planners' | 'timer';
  readonly passesPerSecond: number;
  /** Planners that would be at work all the time if there were as many as it takes. */
  readonly plannersNeeded: number;
  /** Mailboxes due at each tick of the timer, and how many it sees to. */
  readonly duePerTick: number;
  readonly seenPerTick: number;
  /** Of one day. */
  readonly usage: AwsUsage;
}

export function inStep(input: PlanInput): InStep {
  const { mailboxes, newMessages, planners, resyncSeconds } = input;
  const found = shareThatFinds(newMessages, resyncSeconds);
  const passSeconds = MEASURED.seconds.quietPass + found * MEASURED.seconds.newMail;
  const plannersNeeded = (mailboxes * passSeconds) / resyncSeconds;
  const duePerTick = (mailboxes * RESYNC_TIMER_SECONDS) / resyncSeconds;
  const longest = {
    nothing: resyncSeconds,
    planners: (mailboxes * passSeconds) / planners,
    timer: (mailboxes * RESYNC_TIMER_SECONDS) / SEEN_PER_TICK,
  };
  const cycleSeconds = Math.max(longest.nothing, longest.planners, longest.timer);
  const slowedBy =
    cycleSeconds === longest.nothing ? 'nothing' : cycleSeconds === longest.planners ? 'planners' : 'timer';
  const passesPerDay = (mailboxes * DAY) / cycleSeconds;
  const newPerPass = (newMessages * cycleSeconds) / DAY;
  const pass = laterPassUsage(
    shareThatFinds(newMessages, cycleSeconds),
    input.folders,
    { count: newPerPass, bytes: (newPerPass * input.bytes) / input.messages },
    input.addresses > 0,
  );
  const ticks = DAY / RESYNC_TIMER_SECONDS;
  const wakeSeconds = (WAKE_ROUND_TRIPS * ASSUMED.tableMs) / 1000 / CONCURRENCY;
  const timer = usageOf({
    lambdaRequests: ticks,
    lambdaGbSeconds: (FUNCTIONS.resyncTimer.memoryMb / 1024) * passesPerDay * wakeSeconds,
    dynamoDbRequests: ticks * DUE_SHARDS,
    readUnits: (ticks * DUE_SHARDS) / 2,
    schedulerCalls: ticks,
  });
  return {
    cycleSeconds,
    slowedBy,
    passesPerSecond: mailboxes / cycleSeconds,
    plannersNeeded,
    duePerTick,
    seenPerTick: SEEN_PER_TICK,
    usage: sumUsage(timesUsage(pass, passesPerDay), timer, standingUsage(input)),
  };
}

/** What a day costs with all mailboxes known and nothing to do. */
export function standingUsage({ addresses, folders, mailboxes, messages }: PlanInput): AwsUsage {
  const stored = ASSUMED.mailboxBytes + folders * ASSUMED.folderBytes + messages * MEASURED.entryBytes.copied;
  const queues = Object.keys(QUEUES).length;
  return usageOf({
    dynamoDbGbDays: (mailboxes * stored) / GB,
    secretDays: Math.ceil(mailboxes / SHARD_LIMITS.mailboxes),
    kmsKeyDays: KMS_KEYS,
    sqsRequests: (queues * ASSUMED.receivers * DAY) / LONG_POLL_SECONDS,
    httpApiRequests: ASSUMED.looksPerDay,
    lambdaRequests: ASSUMED.looksPerDay,
    natGatewayHours: addresses * 24,
  });
}

/** New mail comes whenever it likes (Poisson). */
function shareThatFinds(newMessagesPerDay: number, seconds: number): number {
  return 1 - Math.exp((-newMessagesPerDay * seconds) / DAY);
}
