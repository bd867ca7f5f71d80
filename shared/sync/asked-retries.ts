import { type RetryWish, wantedIn } from '../migration/retry-wish.ts';
import type { Services } from '../services.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import type { RetryRecord } from '../state/retry-repository.ts';

/** What of a folder somebody wants to be tried again. */
export interface AskedPages {
  /** Numbers of the pages that hold some of it. */
  readonly numbers: readonly number[];
  readonly isWanted: NonNullable<ReturnType<typeof wantedIn>>;
}

/**
 * What somebody asked to be tried again, as a planning sees to it. Whoever plans is alone with the pages, so that
 * nobody has them in hand; the wishes are forgotten only when all that they mean is on the list of work.
 */
export class AskedRetries {
  readonly #services: Services;
  readonly #mailbox: MailboxRecord;
  readonly #records: readonly RetryRecord[];
  #postponed = false;

  private constructor(services: Services, mailbox: MailboxRecord, records: readonly RetryRecord[]) {
    this.#services = services;
    this.#mailbox = mailbox;
    this.#records = records;
  }

  /** @param mailbox as it was read before: wishes are written before it names the latest of them */
  static async load(services: Services, mailbox: MailboxRecord): Promise<AskedRetries> {
    const asked = mailbox.retryAsked !== undefined;
    return new AskedRetries(services, mailbox, asked ? await services.state.retries.list(mailbox) : []);
  }

  get any(): boolean {
    return this.#records.length > 0;
  }

  /** Something could not be seen to yet: the next pass does. */
  get postponed(): boolean {
    return this.#postponed;
  }

  /** Undefined where nothing of the folder is wanted. */
  async of(folder: FolderRecord): Promise<AskedPages | undefined> {
    const isWanted = wantedIn(folder.folderId, this.#wishes());
    const { failed, pending, skipped } = folder.counts;
    if (isWanted === undefined || failed + pending + skipped === 0) return undefined;
    const numbers: number[] = [];
    for await (const page of this.#services.state.pages.listPacked(this.#mailbox, folder)) {
      // A planning that died may have made some of them pending and not told the folder's record.
      let some = page.counts.pending > 0;
      page.forEachEntry(({ uid, state, reason }) => {
        some ||= (state === 'failed' || state === 'skipped') && isWanted({ uid, state, reason });
      });
      if (some) numbers.push(page.number);
    }
    return numbers.length === 0 ? undefined : { numbers, isWanted };
  }

  /**
   * The source has renumbered the folder. UIDs that were named mean nothing any more; all that fits a description does,
   * once a lane has carried over what became of it.
   */
  postpone({ counts, folderId }: FolderRecord): void {
    const rest = this.#wishes().filter(({ kind }) => kind === 'matching');
    this.#postponed ||= counts.failed + counts.skipped > 0 && wantedIn(folderId, rest) !== undefined;
  }

  /** To be called when every folder is planned. */
  async settle(): Promise<void> {
    const settled = this.#records.filter(({ wish }) => !this.#postponed || wish.kind === 'messages');
    const { retries } = this.#services.state;
    await Promise.all(settled.map((record) => retries.remove(this.#mailbox, record)));
  }

  #wishes(): RetryWish[] {
    return this.#records.map(({ wish }) => wish);
  }
}
