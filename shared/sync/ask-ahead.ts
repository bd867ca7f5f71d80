import type { LaneContext } from './lane-context.ts';
import type { LaneMemory } from './lane-memory.ts';
import { pendingUids } from './page-entries.ts';
import { sourceNameOf } from './source-name.ts';
import { type ClaimedPiece, isUntouched } from './work-in-hand.ts';

/**
 * Asks the source for the pieces that come next, while the lane is at a copy: over a long way a folder of a few messages
 * is hardly more than the wait for its first one. Ends with the first that cannot be asked for ahead.
 */
export function askAhead(
  lane: Pick<LaneContext, 'source'>,
  memory: LaneMemory,
  pieces: readonly ClaimedPiece[],
): void {
  for (const piece of pieces) {
    const folder = memory.folders.get(piece.item.folderId);
    if (!isUntouched(piece) || folder?.epoch !== piece.item.epoch) return;
    const uids = pendingUids(piece.page.entries);
    if (!lane.source.askAhead(sourceNameOf(folder), uids)) return;
  }
}
