import { CommandRefusedError } from '../imap/errors.ts';
import { searchMailbox } from '../imap/mailbox/search-mailbox.ts';
import { statusOfMailbox } from '../imap/mailbox/status-of-mailbox.ts';
import { describeHiddenMail, findHiddenMail, type HiddenMail } from '../migration/hidden-mail.ts';
import type { FolderPlanning } from './folder-planning.ts';
import { sourceNameOf } from './source-name.ts';

/**
 * Looks whether a folder of the source holds mail that it does not show, and tells the admin once of each finding.
 * @param accounted how many messages of the folder the planning knows of
 */
export async function warnOfHiddenMail(
  planning: FolderPlanning,
  accounted: number,
): Promise<HiddenMail | undefined> {
  const { counters, folder, services, key, sourceEnd } = planning;
  const { profile, endpoint } = sourceEnd;
  const isOpen = endpoint.host === profile.readOnlyHost;
  const limits = isOpen ? [] : (profile.limits?.messagesPerFolder ?? []);
  const folderNow = counters.messages > accounted ? await countAndList(planning) : undefined;
  const { messages } = counters;
  const hidden = findHiddenMail(folderNow ?? { counted: messages, shown: messages }, limits);
  if (hidden === undefined) return undefined;
  const known = folder.known?.hidden;
  if (known?.kind !== hidden.kind || numbersOf(known) !== numbersOf(hidden)) {
    await services.state.events.add(key, {
      at: services.clock.now(),
      type: 'hidden-mail',
      text: describeHiddenMail(hidden, {
        folder: folder.sourcePath,
        readOnlyHost: isOpen ? undefined : profile.readOnlyHost,
      }),
      data: { folder: folder.sourcePath, ...hidden },
    });
  }
  return hidden;
}

/** Messages may be deleted between count and list: only what is counted before and after can be hidden. */
async function countAndList(
  planning: FolderPlanning,
): Promise<{ counted: number; shown: number } | undefined> {
  const { counters, folder, source, wait } = planning;
  const name = sourceNameOf(folder);
  try {
    const { uids } = await searchMailbox(source, name, { from: 1 }, wait);
    const { messages } = await statusOfMailbox(source, name, wait);
    return { counted: Math.min(counters.messages, messages), shown: uids.length };
  } catch (error) {
    // The folder has gone meanwhile: the next pass sees that.
    if (error instanceof CommandRefusedError) return undefined;
    throw error;
  }
}

function numbersOf(hidden: HiddenMail): string {
  return hidden.kind === 'not-listed' ? `${hidden.shown}/${hidden.counted}` : `${hidden.shown}`;
}
