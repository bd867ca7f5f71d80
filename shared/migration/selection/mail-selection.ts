import type { FolderMapEntry } from './folder-map.ts';
import type { MessageLimits } from './message-limits.ts';

/** What of the mailboxes of a migration is copied, and where to: the admin's choice, the same for every pass. */
export interface MailSelection extends MessageLimits {
  readonly folderMap?: readonly FolderMapEntry[];
  /** Patterns of source folders; missing = all. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Default true. */
  readonly junk?: boolean;
  /** Default true. */
  readonly trash?: boolean;
}
