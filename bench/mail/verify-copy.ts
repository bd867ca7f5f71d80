import { compareMailboxes } from '../../test/support/compare-mailboxes.ts';
import type { MailboxAccess } from '../../test/support/imap-test-client.ts';
import { type MailboxSnapshot, snapshotMailbox } from '../../test/support/mailbox-snapshot.ts';

/** Whether a copy is one. */
export interface Verdict {
  readonly equal: boolean;
  readonly messages: number;
  /** One line: 'equal', or how many messages differ and how. */
  readonly summary: string;
  /** The first differences one by one. */
  readonly report: string;
}

/** Reads every byte of the copy and compares it with the source: SHA-256, INTERNALDATE, flags, as multisets. */
export async function verifyCopy(source: MailboxSnapshot, destination: MailboxAccess): Promise<Verdict> {
  const { differences, report, destinationMessages } = compareMailboxes(
    source,
    await snapshotMailbox(destination),
  );
  const kinds = [...Map.groupBy(differences, ({ kind }) => kind)];
  return {
    equal: differences.length === 0,
    messages: destinationMessages,
    summary: kinds.length === 0 ? 'equal' : kinds.map(([kind, each]) => `${each.length} ${kind}`).join(', '),
    report,
  };
}
