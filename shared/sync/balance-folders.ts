import type { FolderRecord, FoldersToCount } from '../state/folder-repository.ts';
import { checkFolder } from './check-folder.ts';
import { eachAtOnce } from './each-at-once.ts';
import { LeaseLostError } from './errors.ts';
import { isPassOpen } from './is-pass-open.ts';
import type { LaneContext } from './lane-context.ts';
import { type TalliedFolder, tallyFolders } from './tally-folders.ts';

/**
 * Counts the pages of folders, checks what they come to, and records it: all folders together, once the checks are over,
 * whatever came of them.
 *
 * @param touched those of the folders that are to be counted
 * @returns them with their counts, which are stored; 'outdated' when somebody else has written or counted one of them
 * since they were read: then they are to be read and counted again
 * @throws LedgerMismatchError, DestinationClaimedTwiceError; LeaseLostError when the pass is over, and this lane was
 * away for longer than its lease
 */
export async function balanceFolders(
  lane: LaneContext,
  { folders, saveCounts }: FoldersToCount,
  touched: readonly FolderRecord[],
): Promise<readonly FolderRecord[] | 'outdated'> {
  const { pass } = lane.keeper.lease;
  const counted: FolderRecord[] = [];
  const tallied = tallyFolders(lane.services.state, lane.key, folders, touched);
  const messagesIn = ({ folder }: TalliedFolder): number => folder.counts.listed;
  const check = eachAtOnce(tallied, messagesIn, async ({ folder, tally }) => {
    const { claimed, counts, listed, retryPages } = await tally();
    counted.push({ ...folder, counts, retryPages });
    await checkFolder(lane, folder, { claimed, listed });
  });
  const [checked] = await Promise.allSettled([check]);
  // Before a failed check is told: where messages are missing, the next planning sees it by these counts.
  const saved = await saveCounts(counted, pass);
  if (saved && checked.status === 'fulfilled') return counted;
  // Who slept since the folders were read may have checked what another pass's planner has changed.
  if (!(await isPassOpen(lane.services, lane.key, pass))) throw new LeaseLostError();
  if (saved && checked.status === 'rejected') throw checked.reason;
  return 'outdated';
}
