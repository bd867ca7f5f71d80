import type { SpecialUse } from './special-use.ts';

/** What becomes of messages that have several labels (Gmail), and which labels are folders at all. */
export interface LabelPolicy {
  /**
   * `one-folder`: each message is copied once, into the folder of its first label: its user's own, then Sent, Drafts,
   * Inbox. `each-label`: into the folder of each.
   */
  readonly copies: 'one-folder' | 'each-label';
  /** What Gmail takes for important becomes a folder. */
  readonly important: boolean;
  readonly chats: boolean;
}

export const DEFAULT_LABEL_POLICY: LabelPolicy = { copies: 'one-folder', important: false, chats: false };

/** A label as the source lists it. */
interface Label {
  readonly path: string;
  readonly delimiter: string;
  readonly specialUse?: SpecialUse;
}

/**
 * Which labels are not copied as folders. Starred is none: it is the flag `\Flagged` of its messages, which goes with them
 * wherever they are. All Mail stands for the archive: it is copied only for what has no other label.
 */
export function labelFolders<Listed extends Label>(
  listed: readonly Listed[],
  policy: LabelPolicy,
): { readonly leftOut: Listed[]; readonly all: Listed | undefined } {
  const leftOut = listed.filter((label) => isLeftOut(label, policy));
  const all = listed.find(({ specialUse }) => specialUse === '\\All');
  return { leftOut, all };
}

function isLeftOut(label: Label, policy: LabelPolicy): boolean {
  switch (label.specialUse) {
    case '\\Flagged':
      return true;
    case '\\Important':
      return !policy.important;
    case undefined:
      return isChats(label) && !policy.chats;
    default:
      return false;
  }
}

/** The only folder of Gmail's own that has no attribute; its name is in the language of the user. */
function isChats({ path, delimiter }: Label): boolean {
  const names = delimiter === '' ? [path] : path.split(delimiter);
  return names.length === 2 && /^\[(?:Gmail|Google Mail)\]$/i.test(names[0] ?? '');
}

/** The order in which labels may claim a message: the lowest first, its user's own before all. */
const RANKS: Readonly<Partial<Record<SpecialUse, number>>> = {
  '\\Sent': 1,
  '\\Drafts': 2,
  '\\Important': 4,
  '\\Junk': 5,
  '\\Trash': 6,
  '\\All': 7,
};
const INBOX_RANK = 3;

export function labelRank({ path, specialUse }: Pick<Label, 'path' | 'specialUse'>): number {
  if (path.toUpperCase() === 'INBOX') return INBOX_RANK;
  return specialUse === undefined ? 0 : (RANKS[specialUse] ?? 0);
}
