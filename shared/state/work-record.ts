import * as z from 'zod';
import { parseRecord } from './parse-record.ts';
import type { Attributes } from './table-expression.ts';
import type { WorkClaim, WorkRef } from './work-claims.ts';

/** A page that something is still to be done to. */
export interface WorkItem extends WorkRef {
  /** Of its folder: 0 is worked on first. */
  readonly rank: number;
  /** How many of the page there are to be looked at or copied; by it lanes share the work out. */
  readonly messages?: number;
  /** Tells it from what is added later for the same page; given by the table. */
  readonly addition?: string;
  /** The lane and the lease that took it last, dead or alive. */
  readonly claim?: WorkClaim;
}

const count = z.number().int().min(0);

const schema = z.object({
  rank: count,
  folderId: z.string(),
  epoch: count,
  number: count,
  kind: z.enum(['copy', 'flags', 'adopt']),
  messages: count.exactOptional(),
  addition: z.string().exactOptional(),
}) satisfies z.ZodType<WorkItem>;

/** @throws RecordCorruptError */
export function parseWork(attributes: Attributes): WorkItem {
  return parseRecord('work item', schema, attributes);
}
