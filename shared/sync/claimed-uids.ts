import { fetchGmailIds } from '../imap/mailbox/fetch-gmail-ids.ts';
import { indexOfUid } from '../migration/index-of-uid.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import type { FolderPlanning } from './folder-planning.ts';
import { sourceNameOf } from './source-name.ts';

/** New messages of a folder of a source with labels: which of them are copied with it, and by which id they are known. */
export class ClaimedUids {
  readonly #uids: Uint32Array;
  readonly #ids: BigUint64Array;
  /** 1 for each that is copied with another label. */
  readonly #isOther: Uint8Array;
  #others = 0;

  private constructor(uids: Uint32Array, ids: BigUint64Array) {
    this.#uids = uids;
    this.#ids = ids;
    this.#isOther = new Uint8Array(uids.length);
  }

  /**
   * Claims messages for a folder.
   * @param lists of UIDs, each ascending
   * @returns undefined where the source has no labels
   */
  static async claim(
    planning: FolderPlanning,
    lists: readonly Uint32Array[],
  ): Promise<ClaimedUids | undefined> {
    const { counters, folder, labels, source, wait } = planning;
    if (labels === undefined) return undefined;
    const uids = joined(lists).sort();
    const place = { name: sourceNameOf(folder), uidValidity: counters.uidValidity };
    const ids = await fetchGmailIds(source, place, uids, wait);
    const claimed = new ClaimedUids(uids, ids);
    for (const [index, id] of ids.entries()) {
      if (labels.claim(id)) continue;
      claimed.#isOther[index] = 1;
      claimed.#others += 1;
    }
    return claimed;
  }

  /** How many are copied with another label. */
  get others(): number {
    return this.#others;
  }

  /** With which the ledger begins. */
  entryOf(uid: number): LedgerEntry {
    return this.#isOther[indexOfUid(this.#uids, uid)] === 1
      ? { uid, state: 'skipped', reason: 'other-label', attempts: 0, fingerprint: 0n, size: 0 }
      : { uid, state: 'pending', attempts: 0 };
  }

  idsOf(uids: Uint32Array): BigUint64Array {
    return BigUint64Array.from(uids, (uid) => this.#ids[indexOfUid(this.#uids, uid)] ?? 0n);
  }
}

function joined(lists: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}
