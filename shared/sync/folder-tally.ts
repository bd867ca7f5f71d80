import { addCounts, emptyCounts, type LedgerCounts } from '../migration/ledger-counts.ts';
import { MAX_ITEM_ATTEMPTS } from '../migration/retry-policy.ts';
import type { PageRecord } from '../state/page-record.ts';
import { UidColumn } from './uid-column.ts';

/** What the pages of one folder come to. Eight bytes of memory for each message. */
export class FolderTally {
  counts: LedgerCounts = emptyCounts();
  /** Numbers of the pages that hold failed messages which are to be tried again. */
  readonly retryPages: number[] = [];
  /** UIDs at the source. */
  readonly listed = new UidColumn();
  /** UIDs at the destination. */
  readonly claimed = new UidColumn();

  add(page: PageRecord): void {
    this.counts = addCounts(this.counts, page.counts);
    if (page.entries.some((entry) => entry.state === 'failed' && entry.attempts < MAX_ITEM_ATTEMPTS)) {
      this.retryPages.push(page.number);
    }
    for (const entry of page.entries) {
      this.listed.append(entry.uid);
      if ('destinationUid' in entry && entry.destinationUid > 0) this.claimed.append(entry.destinationUid);
    }
  }
}
