import * as z from 'zod';
import type { HiddenMail } from '../migration/hidden-mail.ts';
import type { LedgerCounts } from '../migration/ledger-counts.ts';
import type { MessageLimits } from '../migration/selection/message-limits.ts';
import type { PermittedFlags } from '../migration/flag-policy.ts';
import { ledgerCountsSchema } from './ledger-counts-schema.ts';
import { parseRecord } from './parse-record.ts';
import type { Attributes } from './table-expression.ts';

/** One folder of a mailbox and what is known of it on both sides. Times are ms since the epoch. */
export interface FolderRecord {
  /** Stable: a digest of the source path. */
  readonly folderId: string;
  /** In Unicode, for people and for the place at the destination. */
  readonly sourcePath: string;
  /** The bytes in which the source lists it, one character each; only where `sourcePath` does not encode to them. */
  readonly sourceName?: string;
  readonly sourceDelimiter: string;
  readonly destinationPath: string;
  readonly specialUse?: string;
  /** The inbox 0, then the others: what is copied first. */
  readonly rank: number;
  readonly order: number;
  /** Grows when the source's UIDVALIDITY changed: the ledger begins anew. */
  readonly epoch: number;
  /** As observed by the last planning that wrote its pages. */
  readonly source?: {
    readonly uidValidity: number;
    readonly uidNext: number;
    readonly messages: number;
    /** 64 bit (RFC 7162), as decimal text. */
    readonly highestModseq?: string;
  };
  readonly destination?: {
    readonly uidValidity: number;
    /** When it was last looked at; messages that came since stand from there on. */
    readonly uidNext?: number;
    readonly permanentFlags?: PermittedFlags;
  };
  /** The limits within which the source's messages have ledger entries; missing = all of them have. */
  readonly limits?: MessageLimits;
  /** Messages that these limits leave out, as of the last look at all of the folder. */
  readonly leftOut?: number;
  /** Mail that the source does not show, as of the last look. */
  readonly hidden?: HiddenMail;
  /** How many ledger pages there are in this epoch. */
  readonly pages: number;
  /** As of the last tally. */
  readonly counts: LedgerCounts;
  readonly touchedInPass: number;
  readonly vanished?: boolean;
  readonly flagsCheckedAt?: number;
  /**
   * Of a source with labels, where each label gets a copy: `due` when messages of other labels may have to be copied
   * from there, `made` when that was looked at.
   */
  readonly labelCopies?: 'due' | 'made';
  /** Pages with messages to try again. */
  readonly retryPages?: readonly number[];
}

const count = z.number().int().min(0);

const schema = z.object({
  folderId: z.string(),
  sourcePath: z.string(),
  sourceName: z.string().exactOptional(),
  sourceDelimiter: z.string(),
  destinationPath: z.string(),
  specialUse: z.string().exactOptional(),
  rank: count,
  order: z.number(),
  epoch: count,
  source: z
    .object({
      uidValidity: count,
      uidNext: count,
      messages: count,
      highestModseq: z.string().regex(/^\d+$/).exactOptional(),
    })
    .exactOptional(),
  destination: z
    .object({
      uidValidity: count,
      uidNext: count.exactOptional(),
      permanentFlags: z
        .object({
          flags: z.array(z.string()),
          anyKeyword: z.boolean(),
          withheld: z.array(z.string()).exactOptional(),
        })
        .exactOptional(),
    })
    .exactOptional(),
  limits: z
    .object({
      since: z.string().exactOptional(),
      before: z.string().exactOptional(),
      maxMessageBytes: count.exactOptional(),
    })
    .exactOptional(),
  leftOut: count.exactOptional(),
  hidden: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('folder-limit'), shown: count }),
      z.object({ kind: z.literal('not-listed'), shown: count, counted: count }),
    ])
    .exactOptional(),
  pages: count,
  counts: ledgerCountsSchema,
  touchedInPass: count,
  vanished: z.boolean().exactOptional(),
  flagsCheckedAt: z.number().exactOptional(),
  labelCopies: z.enum(['due', 'made']).exactOptional(),
  retryPages: z.array(count).exactOptional(),
}) satisfies z.ZodType<FolderRecord>;

/** @throws RecordCorruptError */
export function parseFolder(attributes: Attributes): FolderRecord {
  return parseRecord('folder', schema, attributes);
}
