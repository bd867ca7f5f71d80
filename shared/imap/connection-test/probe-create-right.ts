import { CommandRefusedError, ImapError } from '../errors.ts';
import { statusOfMailbox } from '../mailbox/status-of-mailbox.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import { textOf } from '../wire/value.ts';
import type { Wait } from '../wire/wait.ts';

/** How it was found out that folders may be created. */
export type CreateRight =
  /** The server said so (RFC 4314); nothing was made. */
  | { readonly by: 'rights' }
  /** A folder was made and removed again. */
  | { readonly by: 'trial' }
  /** A folder was made and is still there. */
  | { readonly by: 'trial'; readonly left: string; readonly because: string };

/**
 * Whether the user may create folders. Where the parent of new folders is a mailbox, its rights tell; else one is
 * made, under a name that nobody else has, and removed again: only as the empty folder that this very call made, for
 * mail is never deleted.
 * @throws CommandRefusedError saying why not, and what ends a connection
 */
export async function probeCreateRight(
  c: ImapConnection,
  { prefix, delimiter }: { readonly prefix: string; readonly delimiter: string },
  uniqueId: string,
  wait: Wait,
): Promise<CreateRight> {
  const parent = delimiter !== '' && prefix.endsWith(delimiter) ? prefix.slice(0, -delimiter.length) : prefix;
  const rights = parent === '' ? undefined : await readRights(c, parent, wait);
  if (rights !== undefined) {
    // "c" is how servers before RFC 4314 call it (2.1.1).
    if (/[kc]/.test(rights)) return { by: 'rights' };
    throw new CommandRefusedError({
      status: 'NO',
      command: 'CREATE',
      serverText: `The rights in ${parent} are "${rights}", without the right to create folders.`,
      reason: 'permission-denied',
    });
  }
  const path = `${prefix}Mailhaul connection test ${uniqueId}`;
  // STATUS changes nothing, whatever becomes of CREATE. DELETE has to know first what both have said.
  const [created, counted] = await Promise.allSettled([
    c.run(['CREATE ', c.mailbox(path)], wait),
    statusOfMailbox(c, path, wait),
  ]);
  if (created.status === 'rejected') throw created.reason;
  try {
    if (counted.status === 'rejected') throw counted.reason;
    const { messages } = counted.value;
    if (messages > 0) return { by: 'trial', left: path, because: 'It is no longer empty.' };
    await c.run(['DELETE ', c.mailbox(path)], wait);
    return { by: 'trial' };
  } catch (error) {
    if (!(error instanceof ImapError)) throw error;
    return { by: 'trial', left: path, because: error.serverText ?? error.message };
  }
}

/** Undefined where the server does not tell. */
async function readRights(c: ImapConnection, mailbox: string, wait: Wait): Promise<string | undefined> {
  if (!c.capabilities.has('ACL')) return undefined;
  let rights: string | undefined;
  try {
    await c.run(['MYRIGHTS ', c.mailbox(mailbox)], wait, {
      untagged: (response) => {
        if (response.kind !== 'data' || response.name !== 'MYRIGHTS') return false;
        rights = textOf(response.values[1]);
        return true;
      },
    });
  } catch (error) {
    if (!(error instanceof CommandRefusedError)) throw error;
  }
  return rights;
}
