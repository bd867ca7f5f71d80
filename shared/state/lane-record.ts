import * as z from 'zod';
import type { MailboxKey } from './keys.ts';
import { parseRecord } from './parse-record.ts';
import type { Attributes } from './table-expression.ts';

/** What lanes have done in a pass, for people to see; the ledger is what counts. */
export interface LaneProgress {
  readonly messages: number;
  readonly bytes: number;
  readonly copied: number;
  readonly adopted: number;
  readonly skipped: number;
  /** Of the skipped ones. */
  readonly underOtherLabel: number;
  readonly failed: number;
  /** Requests to AWS. */
  readonly requests?: number;
}

/** A lane as it stands in the table. Free lanes stay, for their fence must not begin anew. */
export interface Lane {
  /** From 0; {@link PLAN_LANE} is the planner's lease. */
  readonly lane: number;
  /** '' = free. */
  readonly owner: string;
  /** The incarnation of the service that the owner belongs to; '' = free. */
  readonly ownerEpoch: string;
  /** Grows with each acquisition, for ever. */
  readonly fence: number;
  /** Ms since the epoch; 0 = free. */
  readonly until: number;
  /** The owner is asked to end. */
  readonly stop: boolean;
  readonly pass: number;
  /** Of all owners of this lane in `pass`. */
  readonly progress: LaneProgress;
}

/** What its owner holds. */
export interface LaneLease extends MailboxKey {
  readonly lane: number;
  readonly fence: number;
  readonly owner: string;
  readonly pass: number;
  /** What earlier owners of the lane did in this pass. */
  readonly base: LaneProgress;
}

/** The number by which the planner's lease goes among the lanes. */
export const PLAN_LANE = -1;

/** Lanes of a mailbox at most: no provider allows more connections to one account. */
export const MAX_LANES = 20;

const count = z.number().int().min(0);

const schema = z.object({
  lane: z.number().int().min(PLAN_LANE),
  owner: z.string().default(''),
  ownerEpoch: z.string().default(''),
  fence: count,
  until: z.number(),
  stop: z.boolean(),
  pass: count,
  progressPass: count.optional(),
  progress: z
    .object({
      messages: count,
      bytes: count,
      copied: count,
      adopted: count,
      skipped: count,
      underOtherLabel: count.default(0),
      failed: count,
      requests: count.exactOptional(),
    })
    .optional(),
});

/** @throws RecordCorruptError */
export function parseLane(attributes: Attributes): Lane {
  const { progress, progressPass, ...lane } = parseRecord('lane', schema, attributes);
  return {
    ...lane,
    progress: progressPass === lane.pass && progress !== undefined ? progress : noProgress(),
  };
}

export function noProgress(): LaneProgress {
  return { messages: 0, bytes: 0, copied: 0, adopted: 0, skipped: 0, underOtherLabel: 0, failed: 0 };
}

export function addProgress(a: LaneProgress, b: LaneProgress): LaneProgress {
  return {
    messages: a.messages + b.messages,
    bytes: a.bytes + b.bytes,
    copied: a.copied + b.copied,
    adopted: a.adopted + b.adopted,
    skipped: a.skipped + b.skipped,
    underOtherLabel: a.underOtherLabel + b.underOtherLabel,
    failed: a.failed + b.failed,
    ...(a.requests === undefined && b.requests === undefined
      ? {}
      : { requests: (a.requests ?? 0) + (b.requests ?? 0) }),
  };
}
