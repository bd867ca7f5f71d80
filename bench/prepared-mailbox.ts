import { type MailboxSnapshot, snapshotMailbox } from '../test/support/mailbox-snapshot.ts';
import { type Filled, fillQuickly } from './mail/fill-quickly.ts';
import type { MailServer } from './mail/mail-servers.ts';
import type { Workload } from './workloads/workload.ts';

/** A workload on the source server: filled once, copied as files for each run of a tool. */
export interface PreparedMailbox {
  readonly workload: Workload;
  readonly pristineUser: string;
  readonly size: Filled;
  readonly snapshot: MailboxSnapshot;
  /** As it is when the 1 % new mail has come. */
  readonly snapshotWithNewMail: MailboxSnapshot;
}

export async function prepareMailbox(
  source: MailServer,
  workload: Workload,
  progress: (line: string) => void,
): Promise<PreparedMailbox> {
  const pristineUser = `pristine-${workload.name}`;
  const reader = `read-${workload.name}`;
  const { folders } = workload;
  progress(`filling the source: ${workload.description}`);
  const mail = { folders, messages: workload.messages() };
  const size = await fillQuickly(source.access(pristineUser), mail, progress);
  progress('reading it, to know what copies must be like');
  // Another copy is read: the pristine one must not have its mail in any cache that a server keeps of it.
  await source.copyMailbox(pristineUser, reader);
  const snapshot = await snapshotMailbox(source.access(reader));
  await fillQuickly(source.access(reader), { messages: workload.newMail() });
  const snapshotWithNewMail = await snapshotMailbox(source.access(reader));
  await source.removeMailbox(reader);
  return { workload, pristineUser, size, snapshot, snapshotWithNewMail };
}
