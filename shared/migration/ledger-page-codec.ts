import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { MigrationInputError } from './errors.ts';
import { FlagDictionary, readFlagLists } from './flag-dictionary.ts';
import { ITEM_REASONS } from './item-reason.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { isUid, MAX_UID } from './uid.ts';

/*
 * Layout, version 1. Numbers are varints unless said otherwise.
 *
 *   version byte · flag dictionary · count · entries
 *   entry: head · UID minus the previous UID minus 1 · what its kind adds
 *   head:  kind + 8 × detail
 *
 *   kind                  detail       adds
 *   pending               attempts     nothing
 *   copied, adopted       flag list    destination UID minus the previous one (zigzag) · size · fingerprint (8 bytes)
 *   …WithoutDestination   flag list    size · fingerprint
 *   skipped, failed       reason       attempts · size · fingerprint
 */
const VERSION = 1;

const KIND = {
  pending: 0,
  copied: 1,
  adopted: 2,
  skipped: 3,
  failed: 4,
  copiedWithoutDestination: 5,
  adoptedWithoutDestination: 6,
} as const;

const KINDS = 8;
/** Bytes of a pending entry. */
const SHORTEST_ENTRY = 2;
const MAX_ATTEMPTS = 0xffff_ffff;

/**
 * Packs the entries of a ledger page: about 14 bytes for a copied message. The same entries give the same bytes.
 *
 * @param entries ascending by UID, each UID once
 * @throws {MigrationInputError} for entries out of order or out of range, which no reader could give back
 */
export function encodeLedgerEntries(entries: readonly LedgerEntry[]): Uint8Array {
  const flagLists = new FlagDictionary();
  const body = new ByteWriter();
  let uid = 0;
  let destinationUid = 0;
  for (const entry of entries) {
    assertEncodable(entry, uid);
    const step = entry.uid - uid - 1;
    uid = entry.uid;
    switch (entry.state) {
      case 'pending':
        body.varint(KIND.pending + KINDS * entry.attempts);
        body.varint(step);
        break;
      case 'copied':
      case 'adopted': {
        const kind = entry.destinationUid === 0 ? (`${entry.state}WithoutDestination` as const) : entry.state;
        body.varint(KIND[kind] + KINDS * flagLists.add(entry.flags));
        body.varint(step);
        if (entry.destinationUid !== 0) {
          body.zigzag(entry.destinationUid - destinationUid);
          destinationUid = entry.destinationUid;
        }
        body.varint(entry.size);
        body.uint64(entry.fingerprint);
        break;
      }
      case 'skipped':
      case 'failed':
        body.varint(KIND[entry.state] + KINDS * ITEM_REASONS.indexOf(entry.reason));
        body.varint(step);
        body.varint(entry.attempts);
        body.varint(entry.size);
        body.uint64(entry.fingerprint);
        break;
    }
  }
  const page = new ByteWriter();
  page.byte(VERSION);
  flagLists.write(page);
  page.varint(entries.length);
  page.bytes(body.finish());
  return page.finish();
}

/**
 * The entries of a ledger page, ascending by UID. Work and memory are bounded by the number of bytes.
 *
 * @throws {LedgerCorruptError} for anything that `encodeLedgerEntries` does not write
 */
export function decodeLedgerEntries(bytes: Uint8Array): LedgerEntry[] {
  const reader = new ByteReader(bytes);
  const version = reader.byte();
  if (version !== VERSION) throw reader.corrupt(`version ${version} is unknown`);
  const flagLists = readFlagLists(reader);
  const count = reader.count(SHORTEST_ENTRY);
  const entries: LedgerEntry[] = [];
  let previousUid = 0;
  let previousDestination = 0;

  for (let index = 0; index < count; index += 1) {
    const head = reader.varint();
    const detail = Math.floor(head / KINDS);
    const uid = previousUid + 1 + reader.varint();
    if (uid > MAX_UID) throw reader.corrupt('a UID is too large');
    previousUid = uid;
    const kind = head % KINDS;
    switch (kind) {
      case KIND.pending:
        entries.push({ uid, state: 'pending', attempts: attempts(detail) });
        break;
      case KIND.copied:
      case KIND.adopted: {
        const destinationUid = previousDestination + reader.zigzag();
        if (!isUid(destinationUid)) throw reader.corrupt('a destination UID is out of range');
        previousDestination = destinationUid;
        const state = kind === KIND.copied ? 'copied' : 'adopted';
        entries.push({ uid, state, destinationUid, flags: flagList(detail), ...identity() });
        break;
      }
      case KIND.copiedWithoutDestination:
      case KIND.adoptedWithoutDestination: {
        const state = kind === KIND.copiedWithoutDestination ? 'copied' : 'adopted';
        entries.push({ uid, state, destinationUid: 0, flags: flagList(detail), ...identity() });
        break;
      }
      case KIND.skipped:
      case KIND.failed: {
        const reason = ITEM_REASONS[detail];
        if (reason === undefined) throw reader.corrupt('a reason is unknown');
        const state = kind === KIND.skipped ? 'skipped' : 'failed';
        entries.push({ uid, state, reason, attempts: attempts(reader.varint()), ...identity() });
        break;
      }
      default:
        throw reader.corrupt('an entry is of an unknown kind');
    }
  }
  if (reader.remaining > 0) throw reader.corrupt('something follows the last entry');
  return entries;

  function flagList(index: number): readonly string[] {
    const flags = flagLists[index];
    if (flags === undefined) throw reader.corrupt('a flag list is not in the dictionary');
    return flags;
  }

  function attempts(value: number): number {
    if (value > MAX_ATTEMPTS) throw reader.corrupt('a number of attempts is too large');
    return value;
  }

  function identity(): { size: number; fingerprint: bigint } {
    return { size: reader.varint(), fingerprint: reader.uint64() };
  }
}

function assertEncodable(entry: LedgerEntry, previousUid: number): void {
  if (!isUid(entry.uid)) throw new MigrationInputError(`${entry.uid} is no UID.`);
  if (entry.uid <= previousUid) {
    throw new MigrationInputError(`Ledger entries must ascend, but ${entry.uid} follows ${previousUid}.`);
  }
  const problem =
    ('attempts' in entry && !isCount(entry.attempts, MAX_ATTEMPTS) && 'attempts') ||
    ('destinationUid' in entry && !isCount(entry.destinationUid, MAX_UID) && 'destinationUid') ||
    ('size' in entry && !isCount(entry.size, Number.MAX_SAFE_INTEGER) && 'size') ||
    ('fingerprint' in entry && BigInt.asUintN(64, entry.fingerprint) !== entry.fingerprint && 'fingerprint');
  if (problem !== false) {
    throw new MigrationInputError(`The ledger entry of UID ${entry.uid} has an impossible ${problem}.`);
  }
}

function isCount(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}
