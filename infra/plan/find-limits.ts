import { MAX_MAILBOXES } from '../../shared/api/schemas/migration-schema.ts';
import { DUE_SHARDS } from '../../shared/migration/resync-schedule.ts';
import { SHARD_LIMITS } from '../../shared/vault/shard-limits.ts';
import { AWS_QUOTAS } from './aws-quotas.ts';
import type { AwsUsage } from './aws-usage.ts';
import { ASSUMED } from './measured-costs.ts';
import type { InStep } from './in-step.ts';
import type { MailboxWork } from './mailbox-work.ts';
import type { PlanInput } from './plan-input.ts';
import type { FirstCopy } from './simulate-first-copy.ts';

/** A limit beside what is used of it; undefined where that phase does not use it. */
export interface Limit {
  readonly name: string;
  readonly firstCopy: number | undefined;
  readonly inStep: number | undefined;
  readonly limit: number;
  /** What to turn when it binds; options of the deployment by their names. */
  readonly turn: string;
}

const DAY = 86_400;
/** A pass moves a mailbox twice in the due index (woken, done), and a move is two writes. */
const DUE_WRITES = 4;

export function findLimits(plan: {
  readonly input: PlanInput;
  readonly work: MailboxWork;
  readonly copy: FirstCopy;
  /** Of the first passes over all mailboxes. */
  readonly passes: AwsUsage;
  /** Of the timer's looks at those that wait for theirs. */
  readonly wakes: AwsUsage;
  readonly step: InStep;
}): readonly Limit[] {
  const { copy, input, passes, step, wakes, work } = plan;
  const atOnce = copy.peakWorkers + copy.peakPlanners;
  const busySeconds = copy.plannerSeconds + copy.laneSeconds;
  /** At the busiest time, of something that all who are at work use evenly. */
  const peak = (of: 'readUnits' | 'secretsManagerRequests' | 'writeUnits'): number =>
    (passes[of] / busySeconds) * atOnce + wakes[of] / copy.seconds;
  const inStepPlanners = Math.min(input.planners, step.plannersNeeded);
  const limits: Limit[] = [
    {
      name: 'Lambda: executions at once',
      firstCopy: atOnce + 1,
      inStep: inStepPlanners + 1,
      limit: input.accountConcurrency,
      turn: 'the quota "Concurrent executions"',
    },
    {
      name: 'lanes at work (chunks queue)',
      firstCopy: copy.peakWorkers,
      inStep: undefined,
      limit: input.workers,
      turn: 'chunkConcurrency (an event source takes 1,000)',
    },
    {
      name: 'planners at work (passes queue)',
      firstCopy: copy.peakPlanners,
      inStep: step.plannersNeeded,
      limit: input.planners,
      turn: 'passConcurrency, or more resyncSeconds',
    },
    {
      name: 'timer: mailboxes seen to in a tick',
      firstCopy: undefined,
      inStep: step.duePerTick,
      limit: step.seenPerTick,
      turn: 'more resyncSeconds, or CONCURRENCY in wake-due.ts',
    },
    {
      name: 'SQS: messages in flight',
      firstCopy: copy.peakWorkers,
      inStep: inStepPlanners,
      limit: AWS_QUOTAS.sqsInFlight,
      turn: 'nothing: what waits is not in flight',
    },
    {
      name: 'DynamoDB: write units/s, table',
      firstCopy: peak('writeUnits'),
      inStep: step.usage.writeUnits / DAY,
      limit: AWS_QUOTAS.tableWriteUnits,
      turn: 'the quota of the table',
    },
    {
      name: 'DynamoDB: read units/s, table',
      firstCopy: peak('readUnits'),
      inStep: step.usage.readUnits / DAY,
      limit: AWS_QUOTAS.tableReadUnits,
      turn: 'the quota of the table',
    },
    {
      name: 'DynamoDB: write units/s, one mailbox',
      firstCopy: (passes.writeUnits / busySeconds) * work.lanes,
      inStep: undefined,
      limit: AWS_QUOTAS.partitionWriteUnits,
      turn: 'lanes: fewer',
    },
    {
      name: 'DynamoDB: write units/s, one shard of the due index',
      firstCopy: (DUE_WRITES * input.mailboxes) / copy.seconds / DUE_SHARDS,
      inStep: (DUE_WRITES * step.passesPerSecond) / DUE_SHARDS,
      limit: AWS_QUOTAS.partitionWriteUnits,
      turn: 'DUE_SHARDS, or more resyncSeconds',
    },
    {
      name: 'Secrets Manager: reads/s',
      firstCopy: peak('secretsManagerRequests'),
      inStep: step.usage.secretsManagerRequests / DAY,
      limit: AWS_QUOTAS.secretReads,
      turn: 'longer turns of lanes, or more resyncSeconds',
    },
    {
      name: 'Secrets Manager: secrets',
      firstCopy: Math.ceil(input.mailboxes / SHARD_LIMITS.mailboxes),
      inStep: Math.ceil(input.mailboxes / SHARD_LIMITS.mailboxes),
      limit: AWS_QUOTAS.secrets,
      turn: 'SHARD_LIMITS.mailboxes, as far as 64 KB go',
    },
    {
      name: 'HTTP API: requests/s',
      firstCopy: Math.ceil(input.mailboxes / MAX_MAILBOXES) / 60 + ASSUMED.looksPerDay / DAY,
      inStep: ASSUMED.looksPerDay / DAY,
      limit: AWS_QUOTAS.httpApiRequests,
      turn: 'the quota of API Gateway',
    },
    {
      name: `source (${input.source.name}): connections of one account`,
      firstCopy: work.lanes,
      inStep: 1,
      limit: input.source.limits?.connectionsPerAccount ?? input.source.connections,
      turn: 'lanes',
    },
    {
      name: `destination (${input.destination.name}): connections of one account`,
      firstCopy: work.lanes,
      inStep: 1,
      limit: input.destination.limits?.connectionsPerAccount ?? input.destination.connections,
      turn: 'lanes',
    },
  ];
  if (input.hostConnections !== undefined) {
    limits.push({
      name: `source (${input.source.name}): connections in all`,
      firstCopy: atOnce,
      inStep: inStepPlanners,
      limit: input.hostConnections,
      turn: 'the concurrency of both queues',
    });
  }
  return limits;
}
