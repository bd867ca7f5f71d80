import { YIELD_MARGIN_MS } from '../../shared/sync/invocation-budget.ts';
import { GO_ON_MS } from '../../shared/sync/run-pass.ts';
import { WATCHDOG_MS } from '../../shared/lifecycle/wake-decision.ts';
import { FUNCTIONS, RESYNC_TIMER_SECONDS } from '../resources.ts';
import { type AwsUsage, sumUsage, timesUsage, usageOf } from './aws-usage.ts';
import { findLimits, type Limit } from './find-limits.ts';
import { type InStep, inStep, SEEN_PER_TICK, standingUsage } from './in-step.ts';
import { type MailboxWork, mailboxWork } from './mailbox-work.ts';
import { MEASURED } from './measured-costs.ts';
import { firstPassUsage, idleWakeUsage } from './pass-usage.ts';
import type { PlanInput } from './plan-input.ts';
import { priceUsage, type ServiceCost } from './price-usage.ts';
import { type FirstCopy, simulateFirstCopy } from './simulate-first-copy.ts';

const DAY = 86_400;
const MONTH_DAYS = 30;

/** For how long the first copy would take if only this were in its way. */
export interface Bound {
  readonly kind: 'one-mailbox' | 'provider-day' | 'planners' | 'workers';
  readonly seconds: number;
}

export interface PlanEstimate {
  readonly input: PlanInput;
  readonly work: MailboxWork;
  readonly copy: FirstCopy;
  /** The longest first: that is what binds. */
  readonly bounds: readonly Bound[];
  readonly step: InStep;
  readonly limits: readonly Limit[];
  /** Until all are in step, those in step by then included. */
  readonly firstCopyCosts: readonly ServiceCost[];
  /** Of a day in step. */
  readonly dayCosts: readonly ServiceCost[];
}

/** Estimates time, limits and cost. Pure: the same input gives the same estimate. */
export function estimatePlan(input: PlanInput): PlanEstimate {
  const work = mailboxWork(input);
  const planners = Math.min(input.planners, input.accountConcurrency);
  const workers = Math.max(1, Math.min(input.workers, input.accountConcurrency - planners));
  const goOnSeconds = GO_ON_MS / 1000;
  const copy = simulateFirstCopy({
    mailboxes: input.mailboxes,
    lanes: work.lanes,
    copySeconds: work.copySeconds,
    secondsPerDay: work.secondsPerDay,
    planSeconds: MEASURED.seconds.plan,
    goOnSeconds,
    laneStartSeconds: MEASURED.seconds.laneStart,
    turnSeconds: FUNCTIONS.syncChunk.timeoutSeconds - YIELD_MARGIN_MS / 1000,
    planners,
    workers,
    wakeSeconds: WATCHDOG_MS / 1000,
    wakesPerSecond: SEEN_PER_TICK / RESYNC_TIMER_SECONDS,
  });
  const step = inStep(input);
  const passes = usageOfPasses(input, work, copy);
  const wakes = timesUsage(idleWakeUsage(), copy.wakes);
  const untilAllInStep = sumUsage(passes, wakes, meanwhile(input, step, copy));
  return {
    input,
    work,
    copy,
    bounds: boundsOf({ input, work, planners, workers, goOnSeconds }),
    step,
    limits: findLimits({ input, work, copy, passes, wakes, step }),
    firstCopyCosts: priceUsage(untilAllInStep, copy.seconds / DAY),
    dayCosts: priceUsage(timesUsage(step.usage, MONTH_DAYS), MONTH_DAYS).map((line) => ({
      ...line,
      dollars: line.dollars / MONTH_DAYS,
      requests: line.requests === undefined ? undefined : line.requests / MONTH_DAYS,
    })),
  };
}

function usageOfPasses(input: PlanInput, work: MailboxWork, copy: FirstCopy): AwsUsage {
  const ofOne = firstPassUsage(
    input,
    work,
    {
      plannerSeconds: copy.plannerSeconds / input.mailboxes,
      laneSeconds: copy.laneSeconds / input.mailboxes,
      turns: copy.turns / input.mailboxes,
    },
    input.addresses > 0,
  );
  return timesUsage(ofOne, input.mailboxes);
}

/** What goes on beside the copy: what is there at rest, and the passes of those that are in step already. */
function meanwhile(input: PlanInput, step: InStep, copy: FirstCopy): AwsUsage {
  const days = copy.seconds / DAY;
  const standing = standingUsage(input);
  const synced =
    copy.moments.reduce((sum, moment) => sum + moment.synced, 0) / copy.moments.length / input.mailboxes;
  const passes = sumUsage(step.usage, timesUsage(standing, -1));
  return sumUsage(
    timesUsage(standing, days),
    timesUsage(passes, days * synced),
    // each shard is created once
    usageOf({ secretsManagerRequests: standing.secretDays }),
  );
}

function boundsOf(facts: {
  readonly input: PlanInput;
  readonly work: MailboxWork;
  readonly planners: number;
  readonly workers: number;
  readonly goOnSeconds: number;
}): Bound[] {
  const { goOnSeconds, input, planners, work, workers } = facts;
  const { plan } = MEASURED.seconds;
  const asPlanner = Math.min(goOnSeconds, work.copySeconds, work.secondsPerDay);
  const days = Math.ceil(work.copySeconds / work.secondsPerDay) - 1;
  const bounds: Bound[] = [
    { kind: 'one-mailbox', seconds: plan + work.copySeconds / work.lanes },
    {
      kind: 'provider-day',
      seconds: days > 0 ? days * DAY + (work.copySeconds - days * work.secondsPerDay) / work.lanes : 0,
    },
    {
      kind: 'planners',
      seconds: (input.mailboxes * (plan + Math.min(asPlanner, work.copySeconds / work.lanes))) / planners,
    },
    {
      kind: 'workers',
      seconds: (input.mailboxes * Math.max(0, work.copySeconds - asPlanner)) / workers,
    },
  ];
  return bounds.toSorted((one, other) => other.seconds - one.seconds);
}
