import * as z from 'zod';
import { LedgerCorruptError } from '../migration/errors.ts';
import type { LedgerCounts } from '../migration/ledger-counts.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import { LedgerCursor } from '../migration/ledger-cursor.ts';
import { decodeLedgerEntries, encodeLedgerEntries } from '../migration/ledger-page-codec.ts';
import { RecordCorruptError, RecordTooBigError } from './errors.ts';
import { type MailboxKey, pageKey } from './keys.ts';
import { ledgerCountsSchema } from './ledger-counts-schema.ts';
import { parseRecord } from './parse-record.ts';
import type { Attributes } from './table-expression.ts';

/** Names one epoch of one folder: the pages between two changes of the source's UIDVALIDITY. */
export interface FolderEpoch {
  readonly folderId: string;
  readonly epoch: number;
}

/** Names one ledger page. */
export interface PageRef extends FolderEpoch {
  readonly number: number;
}

/**
 * What a lane wrote down before it began to append the messages of a page, where its claim does not say it: see
 * `claimSuffices`.
 */
export interface Intent {
  readonly lane: number;
  readonly fence: number;
  /** The destination's UIDNEXT before the first append: whatever lands later has this UID or a higher one. */
  readonly destinationUidNext: number;
  readonly destinationUidValidity: number;
}

/**
 * Where messages of a page are to be copied from within the destination: another folder has them already, with another
 * of their labels. As it was when that was written down; whoever copies looks whether it is so still.
 */
export interface CopySource extends Pick<FolderEpoch, 'folderId'> {
  /** Of the destination's folder. */
  readonly uidValidity: number;
  /** What the ledger has of the messages there, but under the UIDs that they have in the page. Ascending by these. */
  readonly entries: ReadonlyArray<Extract<LedgerEntry, { destinationUid: number }>>;
}

/** A page without its entries. */
export interface PageOutline extends PageRef {
  readonly firstUid: number;
  readonly lastUid: number;
  readonly counts: LedgerCounts;
  readonly intent?: Intent;
  /** Grows with each write; a write names the version it was made from. */
  readonly version: number;
}

/** The ledger of one chunk: the fate of each message of a range of source UIDs. */
export interface PageRecord extends PageOutline {
  /** Ascending by UID. */
  readonly entries: LedgerEntry[];
  /** X-GM-MSGID of each entry's message, 0 = not known; only where the source has labels in place of folders. */
  readonly gmailIds?: BigUint64Array;
  /** Of pending entries. */
  readonly copySources?: readonly CopySource[];
}

/** A page whose entries stay as they are stored: for a look at all pages of a folder, however large. */
export interface PackedPage extends PageOutline {
  /**
   * Shows the entries one by one, ascending by UID. What `visit` is given shows the next one after it returns.
   * @throws RecordCorruptError, possibly when the first entries have been shown
   */
  readonly forEachEntry: (visit: (entry: LedgerCursor) => void) => void;
  /** As in `PageRecord`. */
  readonly gmailIds?: BigUint64Array;
}

/** A page of 500 takes about 8 KB; DynamoDB takes 400 KB, and reading and writing cost by size. */
const MAX_ENTRY_BYTES = 256 * 1024;

const count = z.number().int().min(0);

const outlineSchema = z.object({
  folderId: z.string(),
  epoch: count,
  number: count,
  firstUid: count,
  lastUid: count,
  counts: ledgerCountsSchema,
  intent: z
    .object({
      lane: z.number().int(),
      fence: count,
      destinationUidNext: count,
      destinationUidValidity: count,
    })
    .exactOptional(),
  version: count,
}) satisfies z.ZodType<PageOutline>;

const schema = outlineSchema.extend({
  entries: z.instanceof(Uint8Array),
  gmailIds: z.instanceof(Uint8Array).exactOptional(),
  copySources: z
    .array(z.object({ folderId: z.string(), uidValidity: count, entries: z.instanceof(Uint8Array) }))
    .exactOptional(),
});

/** The attributes that {@link parseOutline} needs. */
export const OUTLINE_ATTRIBUTES: readonly string[] = Object.keys(outlineSchema.shape);

/** @throws RecordCorruptError */
export function parseOutline(attributes: Attributes): PageOutline {
  return parseRecord('ledger page', outlineSchema, attributes);
}

/** @throws RecordCorruptError */
export function parsePage(attributes: Attributes): PageRecord {
  const { copySources, entries, gmailIds, ...outline } = parseRecord('ledger page', schema, attributes);
  return {
    ...outline,
    entries: reading(() => decodeLedgerEntries(entries)),
    ...idsOf(gmailIds),
    ...(copySources && { copySources: copySources.map(parseCopySource) }),
  };
}

/** @throws RecordCorruptError */
export function parsePackedPage(attributes: Attributes): PackedPage {
  const {
    copySources: _sources,
    entries,
    gmailIds,
    ...outline
  } = parseRecord('ledger page', schema, attributes);
  return {
    ...outline,
    ...idsOf(gmailIds),
    forEachEntry: (visit) =>
      reading(() => {
        const cursor = new LedgerCursor(entries);
        while (cursor.next()) visit(cursor);
      }),
  };
}

/** Eight bytes each, in the order of the machine, which is little-endian wherever this runs. */
function idsOf(bytes: Uint8Array | undefined): { gmailIds?: BigUint64Array } {
  // a copy: what the client hands out need not be aligned
  return bytes === undefined ? {} : { gmailIds: new BigUint64Array(Uint8Array.from(bytes).buffer) };
}

function parseCopySource({
  entries,
  ...source
}: NonNullable<z.output<typeof schema>['copySources']>[number]): CopySource {
  const decoded = reading(() => decodeLedgerEntries(entries));
  return { ...source, entries: decoded.filter((entry) => 'destinationUid' in entry) };
}

function reading<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof LedgerCorruptError)
      throw new RecordCorruptError('ledger page', ['entries'], { cause });
    throw cause;
  }
}

/** @throws RecordTooBigError */
export function pageItem(mailbox: MailboxKey, page: PageRecord): Attributes {
  const entries = encodeLedgerEntries(page.entries);
  if (entries.byteLength > MAX_ENTRY_BYTES) throw new RecordTooBigError('ledger page', entries.byteLength);
  const { gmailIds } = page;
  const copySources = page.copySources?.map(({ entries: messages, ...source }) => ({
    ...source,
    entries: encodeLedgerEntries(messages),
  }));
  return {
    ...page,
    entries,
    ...(gmailIds && { gmailIds: new Uint8Array(gmailIds.buffer, gmailIds.byteOffset, gmailIds.byteLength) }),
    ...(copySources && { copySources }),
    ...pageKey(mailbox, page),
  };
}
