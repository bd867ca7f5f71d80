import {
  addCounts,
  changeOfCounts,
  countEntries,
  emptyCounts,
  type LedgerCounts,
} from '../migration/ledger-counts.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import { attemptsAnew, isTriedAgain } from '../migration/retry-policy.ts';
import { PAGE_SIZE, pageSizeFor, windowsOf } from '../migration/uid-window.ts';
import type { WorkKind } from '../migration/work-kind.ts';
import type { Services } from '../services.ts';
import type { MailboxKey } from '../state/mailbox-record.ts';
import type { PageRecord } from '../state/page-record.ts';
import type { WorkItem } from '../state/work-record.ts';
import type { ClaimedUids } from './claimed-uids.ts';
import type { OrphanPage } from './label-claims.ts';

const PAGES_AT_ONCE = 50;

/** A page of which so many messages are to be looked at or copied. */
interface PlannedPiece {
  readonly number: number;
  readonly messages?: number;
}

type UncopiedEntry = Extract<LedgerEntry, { reason: unknown }>;

/** Writes work items, then their pages. */
export class PlanWriter {
  written = 0;
  /** How many pages the folder has. */
  pages: number;
  readonly #services: Services;
  readonly #key: MailboxKey;
  readonly #rank: number;
  readonly #place: { folderId: string; epoch: number };
  readonly #last: PageRecord | undefined;
  readonly #claimed: ClaimedUids | undefined;

  /**
   * @param last the folder's last page so far
   * @param claimed of a source with labels, what is copied with this folder
   */
  constructor(
    planning: { services: Services; key: MailboxKey; folder: { rank: number } },
    place: { folderId: string; epoch: number },
    last: PageRecord | undefined,
    claimed?: ClaimedUids,
  ) {
    this.#services = planning.services;
    this.#key = planning.key;
    this.#rank = planning.folder.rank;
    this.#place = place;
    this.#last = last;
    this.#claimed = claimed;
    this.pages = (last?.number ?? -1) + 1;
  }

  async work(kind: WorkKind, planned: readonly PlannedPiece[]): Promise<void> {
    const pieces = planned.filter(({ messages }) => messages !== 0);
    if (pieces.length === 0) return;
    const items = pieces.map((piece): WorkItem => ({ ...this.#place, rank: this.#rank, kind, ...piece }));
    await this.#services.state.work.add(this.#key, items);
    this.written += items.length;
  }

  /** New UIDs fill the last page first, so that years of single new messages do not make a page each. */
  async newPages(uids: Uint32Array): Promise<void> {
    const last = this.#last;
    const isOpen = last !== undefined && last.intent === undefined && last.number === this.pages - 1;
    const room = isOpen ? Math.max(0, PAGE_SIZE - last.entries.length) : 0;
    const filling = uids.subarray(0, room);
    if (isOpen && filling.length > 0) {
      const more = this.#entries(filling);
      await this.work('copy', [{ number: last.number, messages: countEntries(more).pending }]);
      const entries = [...last.entries, ...more];
      const gmailIds = this.#claimed && joinIds(last, this.#claimed.idsOf(filling));
      await this.#save({
        ...last,
        entries,
        lastUid: filling.at(-1) ?? last.lastUid,
        ...(gmailIds && { gmailIds }),
      });
    }
    await this.unseenPages(uids.subarray(filling.length));
  }

  /** Pages of their own. */
  async unseenPages(uids: Uint32Array): Promise<void> {
    const size = pageSizeFor(uids.length);
    // A batch at a time: the entries of a million messages would take a hundred megabytes.
    for (const batch of windowsOf(uids, size * PAGES_AT_ONCE)) {
      const first = this.pages;
      const pages = windowsOf(batch, size).map((window, index) => this.#page(first + index, window));
      await this.work(
        'copy',
        pages.map(({ number, counts }) => ({ number, messages: counts.pending })),
      );
      await this.#services.state.pages.create(this.#key, pages);
      this.pages += pages.length;
    }
  }

  /**
   * Messages that failed and have tries left become pending again, and with all their tries those that somebody wants
   * so, failed or skipped.
   *
   * @param isAsked is given the message's id, too, 0 where it is not known
   * @returns what that changes in the folder's tally
   */
  async retries(
    numbers: readonly number[],
    isAsked: (entry: UncopiedEntry, gmailId: bigint) => boolean,
  ): Promise<LedgerCounts> {
    let change = emptyCounts();
    await this.work(
      'copy',
      numbers.map((number) => ({ number })),
    );
    for (const number of numbers) {
      const page = await this.#services.state.pages.get(this.#key, { ...this.#place, number });
      if (page === undefined) continue;
      const entries = page.entries.map((entry, index): LedgerEntry => {
        if (entry.state !== 'failed' && entry.state !== 'skipped') return entry;
        const { attempts, state, uid } = entry;
        if (isAsked(entry, page.gmailIds?.[index] ?? 0n)) {
          return { uid, state: 'pending', attempts: attemptsAnew(attempts) };
        }
        return state === 'failed' && isTriedAgain(attempts) ? { uid, state: 'pending', attempts } : entry;
      });
      const own = changeOfCounts(countEntries(page.entries), countEntries(entries));
      if (own.pending > 0) await this.#save({ ...page, entries });
      change = addCounts(change, own);
    }
    return change;
  }

  /**
   * Messages that are with no other label any more become pending, as far as this folder may have them.
   *
   * @returns what that changes in the folder's tally
   */
  async revive(orphans: readonly OrphanPage[], claim: (id: bigint) => boolean): Promise<LedgerCounts> {
    let change = emptyCounts();
    for (const { number, uids } of orphans) {
      const page = await this.#services.state.pages.get(this.#key, { ...this.#place, number });
      if (page === undefined) continue;
      const entries = page.entries.map((entry, index): LedgerEntry => {
        const isOrphan = uids.has(entry.uid) && entry.state === 'skipped';
        return isOrphan && claim(page.gmailIds?.[index] ?? 0n) ? pending(entry.uid) : entry;
      });
      const own = changeOfCounts(countEntries(page.entries), countEntries(entries));
      await this.work('copy', [{ number, messages: own.pending }]);
      if (own.pending > 0) await this.#save({ ...page, entries });
      change = addCounts(change, own);
    }
    return change;
  }

  #entries(uids: Uint32Array): LedgerEntry[] {
    return Array.from(uids, (uid) => this.#claimed?.entryOf(uid) ?? pending(uid));
  }

  async #save(page: PageRecord): Promise<void> {
    await this.#services.state.pages.save(
      this.#key,
      { ...page, counts: countEntries(page.entries) },
      page.version,
    );
  }

  #page(number: number, uids: Uint32Array): PageRecord {
    const entries = this.#entries(uids);
    return {
      ...this.#place,
      number,
      firstUid: uids[0] ?? 0,
      lastUid: uids.at(-1) ?? 0,
      entries,
      counts: countEntries(entries),
      ...(this.#claimed && { gmailIds: this.#claimed.idsOf(uids) }),
      version: 1,
    };
  }
}

/** Entries that were there before labels were known have none. */
function joinIds(last: PageRecord, more: BigUint64Array): BigUint64Array {
  const joined = new BigUint64Array(last.entries.length + more.length);
  if (last.gmailIds !== undefined) joined.set(last.gmailIds);
  joined.set(more, last.entries.length);
  return joined;
}

function pending(uid: number): LedgerEntry {
  return { uid, state: 'pending', attempts: 0 };
}
