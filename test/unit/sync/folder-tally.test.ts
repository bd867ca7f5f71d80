import { countEntries, emptyCounts } from '../../../shared/migration/ledger-counts.ts';
import type { LedgerEntry } from '../../../shared/migration/ledger-entry.ts';
import { pageItem, parsePackedPage } from '../../../shared/state/page-record.ts';
import { FolderTally } from '../../../shared/sync/folder-tally.ts';

const uncopied = { attempts: 0, fingerprint: 0n, size: 7 };
const entries: LedgerEntry[] = [
  { uid: 1, state: 'copied', destinationUid: 5, flags: [], fingerprint: 1n, size: 100 },
  { uid: 2, state: 'skipped', reason: 'other-label', ...uncopied },
  { uid: 4, state: 'pending', attempts: 0 },
  { uid: 5, state: 'skipped', reason: 'too-big', ...uncopied },
  { uid: 6, state: 'failed', reason: 'refused', ...uncopied, attempts: 1 },
  { uid: 9, state: 'adopted', destinationUid: 6, flags: [], fingerprint: 1n, size: 20 },
];

describe('the tally of a folder', () => {
  test('is what the entries of its pages come to, whatever figures are stored beside them', () => {
    const tally = new FolderTally();
    for (const [number, counts] of [countEntries(entries), emptyCounts()].entries()) {
      const page = { folderId: 'f', epoch: 1, number, firstUid: 1, lastUid: 9, counts, entries, version: 1 };
      tally.add(parsePackedPage(pageItem({ tenant: 't', mailboxId: 'm' }, page)));
    }
    expect(tally.counts).toEqual(countEntries([...entries, ...entries]));
    expect(tally.counts).toMatchObject({ listed: 12, skipped: 4, underOtherLabel: 2, bytes: 240 });
    expect(tally.retryPages).toEqual([0, 1]);
  });
});
