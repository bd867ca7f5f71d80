import { statusOfMailboxes } from '../imap/mailbox/status-of-mailboxes.ts';
import type { MailboxCounters } from '../imap/mailbox/open-mailbox.ts';
import { CommandRefusedError, ImapError } from '../imap/errors.ts';
import type { ListedFolder } from '../imap/session/list-folders.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { Wait } from '../imap/wire/wait.ts';
import { addCounts, emptyCounts } from '../migration/ledger-counts.ts';
import type { MailSelection } from '../migration/selection/mail-selection.ts';
import { messageLimits } from '../migration/selection/message-limits.ts';
import type { Services } from '../services.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import { AskedRetries } from './asked-retries.ts';
import { ANSWER_DEADLINE_MS, type BothEnds } from './both-ends.ts';
import { describeFolders, type PlannedFolder } from './describe-folders.ts';
import { eachAtOnce } from './each-at-once.ts';
import type { LaneKeeper } from './lane-keeper.ts';
import { listBothEnds } from './list-both-ends.ts';
import { claimsOfLabels, inOrderOfLabels, tellLabels } from './plan-labels.ts';
import { planFolder } from './plan-folder.ts';
import { placeFolder } from './place-folder.ts';
import { readLabels } from './read-labels.ts';
import { sourceNameOf } from './source-name.ts';

export interface PlannedPass {
  /** The destination bears no second lane. */
  readonly oneLane: boolean;
  /** Work items written, or left by a predecessor. */
  readonly pieces: number;
  /** The tally of the whole mailbox, with what this pass has to do as pending. */
  readonly totals: MailboxRecord['totals'];
  /** Something that somebody wants to be tried again is left to the next pass. */
  readonly retriesLeft: boolean;
}

/**
 * Lists both ends, matches their folders and plans each of them. The connections stay open.
 * @param options.afterFinished the pass before ended, and this one was not planned before
 */
export async function planFolders(
  services: Services,
  mailbox: MailboxRecord,
  keeper: LaneKeeper,
  ends: BothEnds,
  { afterFinished, selection }: { afterFinished: boolean; selection: MailSelection },
): Promise<PlannedPass | 'interrupted'> {
  const key: MailboxKey = { tenant: mailbox.tenant, mailboxId: mailbox.mailboxId };
  const wait: Wait = { signal: keeper.signal, deadlineMs: ANSWER_DEADLINE_MS };
  const [listed, standing, asked] = await Promise.all([
    listBothEnds(ends, mailbox, wait),
    readStanding(services, mailbox, afterFinished),
    AskedRetries.load(services, mailbox),
  ]);
  const { known, noPages } = standing;
  const labels = await readLabels(services, mailbox, ends, listed);
  if (labels !== undefined && mailbox.pass.number === 1) await tellLabels(services, key, labels);
  const described = describeFolders({ mailbox, selection, ...listed, labels, known });
  const { source, destination } = ends.takeOver(wait);
  const counters = await countFolders(source, described.folders, listed.source.folders, wait);
  await markVanished(services, key, described.vanished);
  const claims =
    labels &&
    (await claimsOfLabels(services, mailbox, {
      labels,
      folders: described.folders,
      known,
      counters,
      retrying: asked.any,
    }));

  const limits = messageLimits(selection);
  const tallies = new Map(known.map(({ folderId, counts }) => [folderId, counts]));
  let { pieces } = standing;
  let interrupted = false;
  let again = 0;
  const messagesIn = (folder: PlannedFolder): number => counters.get(folder.sourcePath)?.messages ?? 0;
  const { namespace } = listed.destination;
  const rules = ends.access.destination.profile.flags;
  const planOne = async (folder: PlannedFolder): Promise<void> => {
    interrupted ||= keeper.shouldYield();
    if (interrupted) return;
    keeper.signal.throwIfAborted();
    const counted = counters.get(folder.sourcePath);
    if (counted === undefined) {
      await services.state.events.add(key, {
        at: services.clock.now(),
        type: 'folder-unreadable',
        text: `The source lists folder "${folder.sourcePath}" but does not let it be read. Its mail is not copied.`,
      });
      return;
    }
    // Commands of one connection are carried out in order: a parent comes into being before its children.
    const isNew = folder.known === undefined;
    const placed = isNew
      ? placeFolder(destination, folder, {
          namespace,
          rules,
          hasMail: counted.messages > 0,
          mayBeHidden: !afterFinished,
          wait,
        })
      : undefined;
    placed?.catch(() => undefined); // planning the folder asks for it, unless that fails before
    const planned = await planFolder({
      services,
      key,
      mailbox,
      folder,
      counters: counted,
      limits,
      sourceEnd: ends.access.source,
      destinationEnd: ends.access.destination,
      labels: claims,
      asked,
      source,
      destination,
      placed,
      noPages,
      afterFinished,
      wait,
    });
    // They come on the list of work when all else is done: until then a lane has to be there.
    pieces += planned.written + (planned.copiesDue ? 1 : 0);
    again += planned.again;
    tallies.set(folder.folderId, planned.counts);
  };
  if (labels === undefined) await eachAtOnce(described.folders, messagesIn, planOne);
  else for (const folder of inOrderOfLabels(described.folders)) await planOne(folder);
  if (interrupted) return 'interrupted';
  await asked.settle();
  if (asked.any) await tellAgain(services, key, again);
  return {
    // Without UIDPLUS a lane finds its messages by looking; two lanes in a folder would find each other's.
    oneLane: !destination.capabilities.has('UIDPLUS'),
    pieces,
    retriesLeft: asked.postponed,
    totals: {
      ...[...tallies.values()].reduce(addCounts, emptyCounts()),
      folders: described.folders.length,
    },
  };
}

async function tellAgain(services: Services, key: MailboxKey, messages: number): Promise<void> {
  await services.state.events.add(key, {
    at: services.clock.now(),
    type: 'retry-planned',
    text: `Messages that are tried again: ${messages}.`,
    data: { messages },
  });
}

/** What earlier plannings have left. */
async function readStanding(
  services: Services,
  mailbox: MailboxRecord,
  afterFinished: boolean,
): Promise<{ known: FolderRecord[]; noPages: boolean; pieces: number }> {
  const { folders, pages, work } = services.state;
  if (afterFinished) {
    const known = mailbox.pass.number === 1 ? [] : await folders.list(mailbox);
    return { known, noPages: known.length === 0, pieces: 0 };
  }
  const [known, { work: left }] = await Promise.all([folders.list(mailbox), work.snapshot(mailbox)]);
  return { known, noPages: known.length === 0 && !(await pages.any(mailbox)), pieces: left.length };
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
  const open = folders.filter((folder) => !counters.has(folder.sourcePath));
  const names = new Map(open.map((folder) => [sourceNameOf(folder), folder.sourcePath]));
  for (const [name, answer] of await statusOfMailboxes(source, [...names.keys()], wait)) {
    // Listed, but not to be opened: told in the mailbox's events.
    if (answer instanceof CommandRefusedError) continue;
    if (answer instanceof ImapError) throw answer;
    counters.set(names.get(name) ?? '', answer);
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
