import * as z from 'zod';
import type { WorkKind } from '../migration/work-kind.ts';
import { parseRecord } from './parse-record.ts';
import type { Attributes } from './table-expression.ts';

/** A page that something is still to be done to. */
export interface WorkItem {
  /** Of its folder: 0 is worked on first. */
  readonly rank: number;
  readonly folderId: string;
  readonly epoch: number;
  /** Of the page. */
  readonly number: number;
  readonly kind: WorkKind;
  /** How many of the page there are to be looked at or copied; by it lanes share the work out. */
  readonly messages?: number;
  /** The lane and the lease that took it last, dead or alive. */
  readonly claim?: { readonly lane: number; readonly fence: number };
}

const count = z.number().int().min(0);

const schema = z.object({
  rank: count,
  folderId: z.string(),
  epoch: count,
  number: count,
  kind: z.enum(['copy', 'flags', 'adopt']),
  messages: count.exactOptional(),
  claim: z.object({ lane: z.number().int(), fence: count }).exactOptional(),
}) satisfies z.ZodType<WorkItem>;

/** @throws RecordCorruptError */
export function parseWork(attributes: Attributes): WorkItem {
  return parseRecord('work item', schema, attributes);
}
