import { countEntry, emptyCounts, type LedgerCounts } from '../migration/ledger-counts.ts';
import { isTriedAgain } from '../migration/retry-policy.ts';
import { UidColumn } from '../migration/uid-column.ts';
import type { PackedPage } from '../state/page-record.ts';

/** What the pages of one folder come to. Eight bytes of memory for each message. */
export class FolderTally {
  readonly counts: LedgerCounts = emptyCounts();
  /** Numbers of the pages that hold failed messages which are to be tried again. */
  readonly retryPages: number[] = [];
  /** UIDs at the source. */
  readonly listed = new UidColumn();
  /** UIDs at the destination. */
  readonly claimed = new UidColumn();

  /** @throws RecordCorruptError */
  add(page: PackedPage): void {
    let toRetry = false;
    page.forEachEntry((entry) => {
      countEntry(this.counts, entry);
      this.listed.append(entry.uid);
      if (entry.destinationUid > 0) this.claimed.append(entry.destinationUid);
      toRetry ||= entry.state === 'failed' && isTriedAgain(entry.attempts);
    });
    if (toRetry) this.retryPages.push(page.number);
  }
}
