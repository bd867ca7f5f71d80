import { statusOfMailboxes } from '../imap/mailbox/status-of-mailboxes.ts';
import type { MailboxCounters } from '../imap/mailbox/open-mailbox.ts';
import { CommandRefusedError, ImapError } from '../imap/errors.ts';
import type { ListedFolder } from '../imap/session/list-folders.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { Wait } from '../imap/wire/wait.ts';
import { addCounts, emptyCounts } from '../migration/ledger-counts.ts';
import type { Services } from '../services.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import { describeFolders, type PlannedFolder } from './describe-folders.ts';
import type { LaneKeeper } from './lane-keeper.ts';
import { ANSWER_DEADLINE_MS, readAccess, withBothEnds } from './mailbox-sessions.ts';
import { planFolder } from './plan-folder.ts';

export interface PlannedPass {
  /** Lanes that may work at once. */
  readonly laneLimit: number;
  /** Work items written, or left by a predecessor. */
  readonly pieces: number;
  /** The tally of the whole mailbox, with what this pass has to do as pending. */
  readonly totals: MailboxRecord['totals'];
}

/** Lists both ends, matches their folders and plans each of them. */
export async function planFolders(
  services: Services,
  mailbox: MailboxRecord,
  keeper: LaneKeeper,
): Promise<PlannedPass | 'interrupted'> {
  const key: MailboxKey = { tenant: mailbox.tenant, mailboxId: mailbox.mailboxId };
  const wait: Wait = { signal: keeper.signal, deadlineMs: ANSWER_DEADLINE_MS };
  const access = await readAccess(services, mailbox);
  return withBothEnds(services, access, wait, async (sourceSession, destinationSession, takeOver) => {
    const [sourceFolders, destinationFolders, known] = await Promise.all([
      sourceSession.listFolders(wait),
      destinationSession.listFolders(wait),
      services.state.folders.list(key),
    ]);
    const described = describeFolders({
      mailbox,
      source: { folders: sourceFolders, namespace: sourceSession.namespace },
      destination: {
        folders: destinationFolders,
        namespace: destinationSession.namespace,
        utf8: destinationSession.capabilities.has('UTF8=ACCEPT'),
      },
      known,
    });
    const source = takeOver(sourceSession);
    const destination = takeOver(destinationSession);
    const counters = await countFolders(source, described.folders, sourceFolders, wait);
    await markVanished(services, key, described.vanished);

    const tallies = new Map(known.map(({ folderId, counts }) => [folderId, counts]));
    let pieces = (await services.state.work.snapshot(key)).work.length;
    for (const folder of described.folders) {
      if (keeper.shouldYield()) return 'interrupted';
      keeper.signal.throwIfAborted();
      const counted = counters.get(folder.sourcePath);
      if (counted === undefined) {
        await services.state.events.add(key, {
          at: services.clock.now(),
          type: 'folder-unreadable',
          text: `The source lists folder "${folder.sourcePath}" but does not let it be read. Its mail is not copied.`,
        });
        continue;
      }
      const planned = await planFolder({
        services,
        key,
        mailbox,
        folder,
        counters: counted,
        source,
        destination,
        wait,
      });
      pieces += planned.written;
      tallies.set(folder.folderId, planned.counts);
    }
    const uidPlus = destination.capabilities.has('UIDPLUS');
    // Without UIDPLUS a lane finds its messages by looking; two lanes in a folder would find each other's.
    return {
      laneLimit: uidPlus ? mailbox.laneLimit : 1,
      pieces,
      totals: {
        ...[...tallies.values()].reduce(addCounts, emptyCounts()),
        folders: described.folders.length,
      },
    };
  });
}

/** Counters of each source folder: from LIST-STATUS where it gave them, else one pipelined round of STATUS. */
async function countFolders(
  source: ImapConnection,
  folders: readonly PlannedFolder[],
  listed: readonly ListedFolder[],
  wait: Wait,
): Promise<Map<string, MailboxCounters>> {
  const counters = new Map<string, MailboxCounters>();
  for (const { path, status } of listed) if (status !== undefined) counters.set(path, status);
  const open = folders.map((folder) => folder.sourcePath).filter((path) => !counters.has(path));
  for (const [path, answer] of await statusOfMailboxes(source, open, wait)) {
    // Listed, but not to be opened: told in the mailbox's events.
    if (answer instanceof CommandRefusedError) continue;
    if (answer instanceof ImapError) throw answer;
    counters.set(path, answer);
  }
  return counters;
}

/** Folders that the source no longer has keep their ledger: nothing is removed at the destination (I6). */
async function markVanished(
  services: Services,
  key: MailboxKey,
  folders: readonly FolderRecord[],
): Promise<void> {
  for (const folder of folders) {
    if (folder.vanished === true) continue;
    await services.state.folders.put(key, { ...folder, vanished: true });
  }
}
