import { ByteReader } from './byte-reader.ts';
import { readFlagLists } from './flag-dictionary.ts';
import { ITEM_REASONS, type ItemReason } from './item-reason.ts';
import type { LedgerState } from './ledger-entry.ts';
import {
  FINGERPRINT_BYTES,
  KIND,
  KINDS,
  MAX_ATTEMPTS,
  SHORTEST_ENTRY,
  VERSION,
} from './ledger-page-layout.ts';
import { isUid, MAX_UID } from './uid.ts';

/** Where a state has no such field. */
const NO_FLAGS: readonly string[] = [];
const [ANY_REASON] = ITEM_REASONS;

/**
 * Walks over the entries of a packed ledger page and shows one at a time, without an object for each: what a look at
 * all pages of a large folder needs, and what reads the format for everybody else.
 *
 * Work and memory are bounded by the number of bytes. Every method throws LedgerCorruptError for what
 * `encodeLedgerEntries` does not write; of a page that is damaged at its end the first entries are shown before.
 */
export class LedgerCursor {
  readonly #reader: ByteReader;
  readonly #flagLists: ReadonlyArray<readonly string[]>;
  #left: number;
  #previousDestination = 0;
  #fingerprintAt = 0;
  #uid = 0;
  #state: LedgerState = 'pending';
  #destinationUid = 0;
  #flags = NO_FLAGS;
  #reason: ItemReason = ANY_REASON;
  #attempts = 0;
  #size = 0;

  constructor(bytes: Uint8Array) {
    const reader = new ByteReader(bytes);
    const version = reader.byte();
    if (version !== VERSION) throw reader.corrupt(`version ${version} is unknown`);
    this.#flagLists = readFlagLists(reader);
    this.#left = reader.count(SHORTEST_ENTRY);
    this.#reader = reader;
  }

  get uid(): number {
    return this.#uid;
  }

  get state(): LedgerState {
    return this.#state;
  }

  /** 0 where the state has none or it is not known any more. */
  get destinationUid(): number {
    return this.#destinationUid;
  }

  /** Of copied and adopted entries. */
  get flags(): readonly string[] {
    return this.#flags;
  }

  /** Of skipped and failed entries. */
  get reason(): ItemReason {
    return this.#reason;
  }

  /** Of pending, skipped and failed entries. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Bytes; of all but pending entries. */
  get size(): number {
    return this.#size;
  }

  /** Of all but pending entries. */
  get fingerprint(): bigint {
    return this.#reader.uint64At(this.#fingerprintAt);
  }

  /** @returns false at the end of the page; until the first call there is no entry */
  next(): boolean {
    const reader = this.#reader;
    if (this.#left === 0) {
      if (reader.remaining > 0) throw reader.corrupt('something follows the last entry');
      return false;
    }
    this.#left -= 1;
    const head = reader.varint();
    const detail = Math.floor(head / KINDS);
    this.#uid += 1 + reader.varint();
    if (this.#uid > MAX_UID) throw reader.corrupt('a UID is too large');
    this.#destinationUid = 0;
    const kind = head % KINDS;
    switch (kind) {
      case KIND.pending:
        this.#state = 'pending';
        this.#takeAttempts(detail);
        return true;
      case KIND.copied:
      case KIND.adopted:
        this.#state = kind === KIND.copied ? 'copied' : 'adopted';
        this.#takeDestination();
        this.#takeFlags(detail);
        break;
      case KIND.copiedWithoutDestination:
      case KIND.adoptedWithoutDestination:
        this.#state = kind === KIND.copiedWithoutDestination ? 'copied' : 'adopted';
        this.#takeFlags(detail);
        break;
      case KIND.skipped:
      case KIND.failed:
        this.#state = kind === KIND.skipped ? 'skipped' : 'failed';
        this.#takeReason(detail);
        this.#takeAttempts(reader.varint());
        break;
      default:
        throw reader.corrupt('an entry is of an unknown kind');
    }
    this.#size = reader.varint();
    this.#fingerprintAt = reader.skip(FINGERPRINT_BYTES);
    return true;
  }

  #takeDestination(): void {
    const destinationUid = this.#previousDestination + this.#reader.zigzag();
    if (!isUid(destinationUid)) throw this.#reader.corrupt('a destination UID is out of range');
    this.#previousDestination = destinationUid;
    this.#destinationUid = destinationUid;
  }

  #takeFlags(index: number): void {
    const flags = this.#flagLists[index];
    if (flags === undefined) throw this.#reader.corrupt('a flag list is not in the dictionary');
    this.#flags = flags;
  }

  #takeReason(index: number): void {
    const reason = ITEM_REASONS[index];
    if (reason === undefined) throw this.#reader.corrupt('a reason is unknown');
    this.#reason = reason;
  }

  #takeAttempts(attempts: number): void {
    if (attempts > MAX_ATTEMPTS) throw this.#reader.corrupt('a number of attempts is too large');
    this.#attempts = attempts;
  }
}
