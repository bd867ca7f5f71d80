import { ByteWriter } from './byte-writer.ts';
import { MigrationInputError } from './errors.ts';
import { FlagDictionary } from './flag-dictionary.ts';
import { ITEM_REASONS } from './item-reason.ts';
import { LedgerCursor } from './ledger-cursor.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { KIND, KINDS, MAX_ATTEMPTS, VERSION } from './ledger-page-layout.ts';
import { isUid, MAX_UID } from './uid.ts';

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
  const cursor = new LedgerCursor(bytes);
  const entries: LedgerEntry[] = [];
  while (cursor.next()) entries.push(entryAt(cursor));
  return entries;
}

function entryAt(cursor: LedgerCursor): LedgerEntry {
  const { uid, state } = cursor;
  switch (state) {
    case 'pending':
      return { uid, state, attempts: cursor.attempts };
    case 'copied':
    case 'adopted': {
      const { destinationUid, flags, size, fingerprint } = cursor;
      return { uid, state, destinationUid, flags, size, fingerprint };
    }
    case 'skipped':
    case 'failed': {
      const { reason, attempts, size, fingerprint } = cursor;
      return { uid, state, reason, attempts, size, fingerprint };
    }
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
