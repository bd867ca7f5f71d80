import { searchSelected } from '../imap/mailbox/search-selected.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import { DestinationClaimedTwiceError, LedgerMismatchError } from './errors.ts';
import type { FolderTally } from './folder-tally.ts';
import type { LaneContext } from './lane-context.ts';
import { unlessGone } from './unless-gone.ts';
import { sourceNameOf } from './source-name.ts';

/**
 * Checks what a folder's pages come to against what the source lists (I1) and against one another: no message of the
 * destination belongs to two of the source (I2). Several folders may be checked at once; what was open on the source's
 * connection is not any more.
 * @throws LedgerMismatchError, DestinationClaimedTwiceError
 */
export async function checkFolder(
  lane: LaneContext,
  folder: FolderRecord,
  { claimed, listed }: Pick<FolderTally, 'claimed' | 'listed'>,
): Promise<void> {
  assertClaimedOnce(folder, claimed.sorted());
  if (folder.vanished !== true) await assertComplete(lane, folder, listed.sorted());
}

function assertClaimedOnce(folder: FolderRecord, claimed: Uint32Array): void {
  let twice = 0;
  for (let index = 1; index < claimed.length; index += 1) {
    if (claimed[index] === claimed[index - 1]) twice += 1;
  }
  if (twice > 0) throw new DestinationClaimedTwiceError(folder.destinationPath, twice);
}

/** Each message that the source lists within the folder's limits, up to the UIDs that were planned, has its entry. */
async function assertComplete(lane: LaneContext, folder: FolderRecord, ledger: Uint32Array): Promise<void> {
  const { source } = folder;
  const name = sourceNameOf(folder);
  const { connection } = lane.source;
  const planned = (source?.uidNext ?? 1) - 1;
  if (planned < 1) return;
  const found = await unlessGone(connection, name, lane.wait, () =>
    searchSelected(
      connection,
      name,
      { range: { from: 1, to: planned }, limits: folder.limits ?? {} },
      lane.wait,
    ),
  );
  // A folder that went or was made anew since is planned anew by the next pass.
  if (found === undefined || found.opened.uidValidity !== source?.uidValidity) return;
  let missing = 0;
  let index = 0;
  for (const uid of found.selected) {
    while (index < ledger.length && (ledger[index] ?? Infinity) < uid) index += 1;
    if (ledger[index] !== uid) missing += 1;
  }
  if (missing > 0) throw new LedgerMismatchError(folder.sourcePath, missing);
}
