import { createMailbox } from '../../shared/imap/mailbox/create-mailbox.ts';
import { examineMailbox } from '../../shared/imap/mailbox/examine-mailbox.ts';
import { statusOfMailboxes } from '../../shared/imap/mailbox/status-of-mailboxes.ts';
import { openAppender } from '../../shared/imap/transfer/appender.ts';
import { fetchMessages } from '../../shared/imap/transfer/fetch-messages.ts';
import type { ImapConnection } from '../../shared/imap/wire/imap-connection.ts';
import type { Wait } from '../../shared/imap/wire/wait.ts';
import { PAGE_SIZE } from '../../shared/migration/uid-window.ts';
import { openImapConnection } from '../../test/support/open-imap-connection.ts';
import { BenchSetupError } from '../errors.ts';
import type { TransferTask } from './transfer-task.ts';

const DEADLINE_MS = 120_000;

interface Lane {
  readonly source: ImapConnection;
  readonly destination: ImapConnection;
  open: string | undefined;
}

interface Window {
  readonly folder: string;
  readonly uids: readonly number[];
}

/**
 * Copies a mailbox into an empty one as directly as our transfer can: lanes take windows of a common list, nothing is
 * recorded and nothing checked but the server's OK.
 * @returns how many messages were copied
 */
export async function copyBarely(task: TransferTask): Promise<number> {
  const wait: Wait = { signal: new AbortController().signal, deadlineMs: DEADLINE_MS };
  const lanes = await Promise.all(Array.from({ length: task.lanes }, () => openLane(task)));
  const [first] = lanes;
  if (first === undefined) return 0;
  const [windows] = await Promise.all([
    windowsOf(first.source, task.folders, wait),
    ...task.folders
      .filter((folder) => folder !== 'INBOX')
      .map((folder) => createMailbox(first.destination, folder, wait)),
  ]);
  const copied = await Promise.all(lanes.map((lane) => work(lane, windows, wait)));
  await Promise.all(
    lanes.flatMap(({ source, destination }) => [source.logout(wait), destination.logout(wait)]),
  );
  return copied.reduce((sum, each) => sum + each, 0);
}

async function openLane({ source, destination }: TransferTask): Promise<Lane> {
  const [from, to] = await Promise.all([openImapConnection(source), openImapConnection(destination)]);
  return { source: from, destination: to, open: undefined };
}

/** By the counters alone: UIDs that are gone simply do not come. */
async function windowsOf(c: ImapConnection, folders: readonly string[], wait: Wait): Promise<Window[]> {
  const windows: Window[] = [];
  const status = await statusOfMailboxes(c, folders, wait);
  for (const folder of folders) {
    const counters = status.get(folder);
    if (counters === undefined || counters instanceof Error)
      throw new BenchSetupError(`${folder} cannot be looked at.`, { cause: counters });
    for (let from = 1; from < counters.uidNext; from += PAGE_SIZE) {
      const length = Math.min(PAGE_SIZE, counters.uidNext - from);
      windows.push({ folder, uids: Array.from({ length }, (_, index) => from + index) });
    }
  }
  return windows;
}

async function work(lane: Lane, windows: Window[], wait: Wait): Promise<number> {
  let copied = 0;
  for (let window = windows.shift(); window !== undefined; window = windows.shift()) {
    const { folder, uids } = window;
    if (lane.open !== folder) await examineMailbox(lane.source, folder, wait);
    lane.open = folder;
    const appender = openAppender(lane.destination, folder, { wait });
    const outcomes: Promise<void>[] = [];
    for await (const { flags, internalDate, size, body } of fetchMessages(lane.source, uids, wait)) {
      const written = flags.filter((flag) => flag.toLowerCase() !== '\\recent');
      const { outcome } = await appender.append({ flags: written, internalDate, size, body });
      outcomes.push(accepted(outcome));
    }
    await appender.flush();
    await Promise.all(outcomes);
    copied += outcomes.length;
  }
  return copied;
}

async function accepted(outcome: Promise<{ readonly kind: string; readonly error?: Error }>): Promise<void> {
  const { error } = await outcome;
  if (error !== undefined) throw error;
}
