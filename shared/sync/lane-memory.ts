import type { FolderRecord } from '../state/folder-record.ts';

/** What a lane remembers between pieces of work; nothing that another lane would need. */
export class LaneMemory {
  /** As they were when the lane last read or wrote them, by their ids. */
  readonly folders = new Map<string, FolderRecord>();
  /** How often each was matched anew, by their ids. */
  readonly replacements = new Map<string, number>();
}
