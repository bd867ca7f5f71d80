import type { FolderRecord } from '../state/folder-record.ts';
import type { PageRecord } from '../state/page-record.ts';

/**
 * From which UID on the next messages of a lane will stand in each destination folder, as far as can be told without
 * asking the server: UIDs only grow, so what planning saw and what the lane's own messages got are both bounds.
 */
export class DestinationHorizon {
  readonly #seen = new Map<string, { readonly uidValidity: number; readonly uidNext: number }>();

  /** Undefined when nothing is known of the folder as it is bound now. */
  of(folder: FolderRecord): number | undefined {
    const { destination } = folder;
    const seen = this.#seen.get(folder.folderId);
    return seen !== undefined && seen.uidValidity === destination?.uidValidity
      ? seen.uidNext
      : destination?.uidNext;
  }

  /** The messages of a page have their UIDs now. */
  advance(folder: FolderRecord, page: PageRecord): void {
    const { destination } = folder;
    if (destination === undefined) return;
    let uidNext = this.of(folder) ?? 0;
    for (const entry of page.entries) {
      if (entry.state === 'copied' && entry.destinationUid >= uidNext) uidNext = entry.destinationUid + 1;
    }
    if (uidNext > 0) this.#seen.set(folder.folderId, { uidValidity: destination.uidValidity, uidNext });
  }
}
