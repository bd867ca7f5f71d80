import { countEntries, emptyCounts, type LedgerCounts } from '../migration/ledger-counts.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import { MAX_ITEM_ATTEMPTS } from '../migration/retry-policy.ts';
import { PAGE_SIZE, pageSizeFor, windowsOf } from '../migration/uid-window.ts';
import type { WorkKind } from '../migration/work-kind.ts';
import type { Services } from '../services.ts';
import type { MailboxKey } from '../state/mailbox-record.ts';
import type { PageRecord } from '../state/page-record.ts';
import type { WorkItem } from '../state/work-record.ts';

const PAGES_AT_ONCE = 50;

/** A page of which so many messages are to be looked at or copied. */
interface PlannedPiece {
  readonly number: number;
  readonly messages?: number;
}

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

  /** @param last the folder's last page so far */
  constructor(
    planning: { services: Services; key: MailboxKey; folder: { rank: number } },
    place: { folderId: string; epoch: number },
    last: PageRecord | undefined,
  ) {
    this.#services = planning.services;
    this.#key = planning.key;
    this.#rank = planning.folder.rank;
    this.#place = place;
    this.#last = last;
    this.pages = (last?.number ?? -1) + 1;
  }

  async work(kind: WorkKind, pieces: readonly PlannedPiece[]): Promise<void> {
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
      await this.work('copy', [{ number: last.number, messages: filling.length }]);
      const entries = [...last.entries, ...Array.from(filling, pending)];
      await this.#save({ ...last, entries, lastUid: filling.at(-1) ?? last.lastUid });
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
        pages.map(({ number, entries }) => ({ number, messages: entries.length })),
      );
      await this.#services.state.pages.create(this.#key, pages);
      this.pages += pages.length;
    }
  }

  /**
   * Messages that failed and have tries left become pending again.
   *
   * @returns what that changes in the folder's tally
   */
  async retries(numbers: readonly number[]): Promise<LedgerCounts> {
    const change = emptyCounts();
    await this.work(
      'copy',
      numbers.map((number) => ({ number })),
    );
    for (const number of numbers) {
      const page = await this.#services.state.pages.get(this.#key, { ...this.#place, number });
      if (page === undefined) continue;
      const entries = page.entries.map(
        (entry): LedgerEntry =>
          entry.state === 'failed' && entry.attempts < MAX_ITEM_ATTEMPTS
            ? { uid: entry.uid, state: 'pending', attempts: entry.attempts }
            : entry,
      );
      await this.#save({ ...page, entries });
      const again = countEntries(entries).pending - page.counts.pending;
      change.pending += again;
      change.failed -= again;
    }
    return change;
  }

  async #save(page: PageRecord): Promise<void> {
    await this.#services.state.pages.save(
      this.#key,
      { ...page, counts: countEntries(page.entries) },
      page.version,
    );
  }

  #page(number: number, uids: Uint32Array): PageRecord {
    const entries = Array.from(uids, pending);
    return {
      ...this.#place,
      number,
      firstUid: uids[0] ?? 0,
      lastUid: uids.at(-1) ?? 0,
      entries,
      counts: countEntries(entries),
      version: 1,
    };
  }
}

function pending(uid: number): LedgerEntry {
  return { uid, state: 'pending', attempts: 0 };
}
