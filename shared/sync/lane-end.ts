import type { OpenMailbox } from '../imap/mailbox/open-mailbox.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import { isSameMailbox, type MailboxName } from '../imap/wire/mailbox-argument.ts';
import type { Wait } from '../imap/wire/wait.ts';

/** One end of a lane: a connection and the folder that is open on it. */
export interface LaneEnd<Name extends MailboxName = MailboxName> {
  readonly connection: ImapConnection;
  /** Opens the folder unless it is open already, or about to be. */
  open(path: Name): Promise<OpenMailbox>;
  /** Opens it again even if it is open, so that what others did since is seen. */
  reopen(path: Name): Promise<OpenMailbox>;
  /** Whether what was opened so is still what commands find open. */
  isLatest(opened: Promise<OpenMailbox>): boolean;
  /** Says that another folder, or none, was opened on the connection behind this end's back. */
  forget(): void;
}

/**
 * @param select how folders are opened. The source by EXAMINE: nothing of it is changed. The destination by SELECT:
 * Courier takes no message for a folder that is open for reading only on the same connection.
 */
export function laneEnd<Name extends MailboxName>(
  connection: ImapConnection,
  wait: Wait,
  select: (connection: ImapConnection, path: Name, wait: Wait) => Promise<OpenMailbox>,
): LaneEnd<Name> {
  /** What the connection was asked last; commands are carried out in order, so it is what later ones find open. */
  let latest: { readonly path: MailboxName; readonly opened: Promise<OpenMailbox> } | undefined;
  const reopen = (path: Name): Promise<OpenMailbox> => {
    const asked = { path, opened: select(connection, path, wait) };
    latest = asked;
    asked.opened.catch(() => {
      if (latest === asked) latest = undefined;
    });
    return asked.opened;
  };
  return {
    connection,
    reopen,
    isLatest: (opened) => latest?.opened === opened,
    forget: () => {
      latest = undefined;
    },
    open: (path) => (latest !== undefined && isSameMailbox(latest.path, path) ? latest.opened : reopen(path)),
  };
}
