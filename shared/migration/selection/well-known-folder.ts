import { FolderPatternError } from '../errors.ts';
import type { SpecialUse } from '../special-use.ts';

/** The names by which an admin speaks of folders of a use, whatever a server calls them (as Exchange writes them). */
const USES: Readonly<Record<string, SpecialUse>> = {
  inbox: '\\Inbox',
  sentitems: '\\Sent',
  deleteditems: '\\Trash',
  junkemail: '\\Junk',
  drafts: '\\Drafts',
  archive: '\\Archive',
};

/**
 * Reads a well-known name at the beginning of a pattern: `#SentItems#` or `#SentItems#/…`.
 * @returns the rest begins with '/' or is empty; undefined where the pattern begins with a plain name
 * @throws FolderPatternError for a name that is none
 */
export function readWellKnownFolder(pattern: string): { use: SpecialUse; rest: string } | undefined {
  const [whole, name = ''] = /^#([^#/]*)#(?=\/|$)/.exec(pattern) ?? [];
  if (whole === undefined) return undefined;
  const use = USES[name.toLowerCase()];
  if (use === undefined) {
    throw new FolderPatternError(
      pattern,
      'It begins with a name between # that is no well-known folder; these are #Inbox#, #SentItems#, #DeletedItems#, #JunkEmail#, #Drafts# and #Archive#. Write \\# for a name that begins so.',
    );
  }
  return { use, rest: pattern.slice(whole.length) };
}
