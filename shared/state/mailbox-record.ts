import * as z from 'zod';
import { REFUSAL_CODES, type RefusalCode } from '../imap/refusal-code.ts';
import { FAILURE_REASONS, type FailureReason } from '../migration/failure-reason.ts';
import type { LedgerCounts } from '../migration/ledger-counts.ts';
import { MAILBOX_STATUSES, type MailboxStatus } from '../migration/mailbox-status.ts';
import type { Pace } from '../migration/pace.ts';
import { dueShardOf } from '../migration/resync-schedule.ts';
import { dueShardKey, mailboxKey, statusKey } from './keys.ts';
import { ledgerCountsSchema } from './ledger-counts-schema.ts';
import { parseRecord } from './parse-record.ts';
import type { Attributes } from './table-expression.ts';

export type { MailboxKey } from './keys.ts';

/** One look over one mailbox; times are ms since the epoch. */
interface MailboxPass {
  /** From 1; 0 = none yet. */
  readonly number: number;
  readonly kind: 'initial' | 'incremental';
  readonly phase: 'idle' | 'planning' | 'copying';
  readonly trigger: 'start' | 'timer' | 'request';
  readonly startedAt: number;
  readonly finishedAt?: number;
}

/** One mailbox of a migration, from one account at the source to one at the destination. Times are ms since the epoch. */
export interface MailboxRecord {
  readonly tenant: string;
  readonly mailboxId: string;
  readonly migrationId: string;
  readonly connectionId: string;
  /** Who signs in at the source. */
  readonly sourceUser: string;
  /** Only what lies under this folder of the source is migrated. */
  readonly userRoot?: string;
  /** E-mail address of the mailbox at the destination. */
  readonly destinationUser: string;
  readonly displayName?: string;
  readonly status: MailboxStatus;
  readonly reason?: {
    readonly code: FailureReason;
    readonly detail: string;
    readonly side?: 'source' | 'destination';
    /** Where the provider's own words for it are known. */
    readonly refusal?: RefusalCode;
  };
  readonly throttledUntil?: number;
  readonly statusSince: number;
  readonly pass: MailboxPass;
  /** "Sync now" while a pass runs: begin another when it ends. */
  readonly requestedPass?: boolean;
  readonly finalPass?: boolean;
  /** The latest wish to try messages again; kept until a planning has seen to it. */
  readonly retryAsked?: string;
  /** What both sides bear; see `lanesOf`. */
  readonly laneLimit: number;
  /** Fewer lanes for a while, because a server complained of too many connections; `until` is ms since the epoch. */
  readonly fewerLanes?: { readonly most: number; readonly until: number };
  /** What a server's complaint has left of the speed. */
  readonly pace?: Pace;
  /** In line for a connection to this server, whose budget others use; `since` is its place there. */
  readonly waitingFor?: {
    readonly side: 'source' | 'destination';
    readonly host: string;
    readonly since: number;
  };
  /** The destination does not say which UIDs it gives: two lanes in a folder would find each other's messages. */
  readonly oneLane?: boolean;
  readonly consecutiveThrottles: number;
  /** Consecutive wakes that failed. */
  readonly failures: number;
  /** Copied messages were reported, because the destination stores them in another form. */
  readonly hasAltered?: boolean;
  /** Exact as of the last tally. */
  readonly totals: LedgerCounts & { readonly folders: number };
  readonly sourceDelimiter?: string;
  /** Where the vault keeps its passwords. */
  readonly credentialShard: string;
  /** Since when a refresh token of its user is stored, by side; missing = none, or its server is opened otherwise. */
  readonly consents?: { readonly source?: number; readonly destination?: number };
  readonly lastSyncedAt?: number;
  /** When somebody must look at it; missing = nobody needs to. */
  readonly dueAt?: number;
  /** Grows with each write; a write names the version it was made from. */
  readonly version: number;
}

const time = z.number();
const count = z.number().int().min(0);

const schema = z.object({
  tenant: z.string(),
  mailboxId: z.string(),
  migrationId: z.string(),
  connectionId: z.string(),
  sourceUser: z.string(),
  userRoot: z.string().exactOptional(),
  destinationUser: z.string(),
  displayName: z.string().exactOptional(),
  status: z.enum(MAILBOX_STATUSES),
  reason: z
    .object({
      code: z.enum(FAILURE_REASONS),
      detail: z.string(),
      side: z.enum(['source', 'destination']).exactOptional(),
      refusal: z.enum(REFUSAL_CODES).exactOptional(),
    })
    .exactOptional(),
  throttledUntil: time.exactOptional(),
  statusSince: time,
  pass: z.object({
    number: count,
    kind: z.enum(['initial', 'incremental']),
    phase: z.enum(['idle', 'planning', 'copying']),
    trigger: z.enum(['start', 'timer', 'request']),
    startedAt: time,
    finishedAt: time.exactOptional(),
  }),
  requestedPass: z.boolean().exactOptional(),
  finalPass: z.boolean().exactOptional(),
  retryAsked: z.string().exactOptional(),
  laneLimit: count,
  fewerLanes: z.object({ most: count.min(1), until: time }).exactOptional(),
  pace: z.object({ perSecond: z.number().positive(), since: time }).exactOptional(),
  waitingFor: z
    .object({ side: z.enum(['source', 'destination']), host: z.string(), since: time })
    .exactOptional(),
  oneLane: z.boolean().exactOptional(),
  consecutiveThrottles: count,
  failures: count,
  hasAltered: z.boolean().exactOptional(),
  totals: ledgerCountsSchema.extend({ folders: count }),
  sourceDelimiter: z.string().exactOptional(),
  credentialShard: z.string(),
  consents: z.object({ source: time.exactOptional(), destination: time.exactOptional() }).exactOptional(),
  lastSyncedAt: time.exactOptional(),
  dueAt: time.exactOptional(),
  version: count,
}) satisfies z.ZodType<MailboxRecord>;

/** @throws RecordCorruptError */
export function parseMailbox(attributes: Attributes): MailboxRecord {
  return parseRecord('mailbox', schema, attributes);
}

/**
 * The item of a mailbox: its record, its key, and the attributes that put it into the indexes: always the one of its
 * status, that of due mailboxes only while it has a due time.
 */
export function mailboxItem(record: MailboxRecord): Attributes {
  return {
    ...record,
    ...mailboxKey(record),
    statusKey: statusKey(record.tenant, record.migrationId, record.status),
    ...(record.dueAt === undefined ? {} : { dueShard: dueShardKey(dueShardOf(record.mailboxId)) }),
  };
}
