import { parseUidSet } from '../../migration/uid-set.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { MailboxName } from '../wire/mailbox-argument.ts';
import type { StatusAnswer } from '../wire/response.ts';
import type { UidBatch } from '../wire/uid-batches.ts';
import type { Wait } from '../wire/wait.ts';

/** The UIDs of messages that were copied, and of their copies. */
export interface CopiedUids {
  readonly uidValidity: number;
  /** By the UID that was copied. A message that is not there was gone. */
  readonly uids: ReadonlyMap<number, number>;
}

/**
 * Copies messages of the selected mailbox within the server (UID COPY, RFC 3501 6.4.8): all that are there, or none
 * where it refuses. Flags and INTERNALDATE go with them (6.4.7).
 *
 * @returns undefined where the server does not say which UIDs the copies have (RFC 4315 3): they may be there, or none
 * @throws CommandRefusedError when none was copied; ThrottledError, and what ended the connection
 */
export async function copyMessages(
  c: ImapConnection,
  batch: UidBatch,
  to: MailboxName,
  wait: Wait,
): Promise<CopiedUids | undefined> {
  return parseCopiedUids(await c.run([`UID COPY ${batch.set} `, c.mailbox(to)], wait), batch.uids);
}

/** What `[COPYUID uidvalidity uid-set uid-set]` tells. Undefined unless it is one copy for each of some of the messages. */
export function parseCopiedUids(
  answer: Pick<StatusAnswer, 'code' | 'codeArguments'>,
  asked: readonly number[],
): CopiedUids | undefined {
  if (answer.code !== 'COPYUID') return undefined;
  const match = /^(\d{1,10}) (\S+) (\S+)$/.exec(answer.codeArguments ?? '');
  if (match === null) return undefined;
  const [, validity = '', from = '', to = ''] = match;
  const uidValidity = Number(validity);
  if (uidValidity < 1 || uidValidity > 0xffff_ffff) return undefined;
  const originals = uidsOf(from, asked.length);
  const copies = uidsOf(to, asked.length);
  const known = new Set(asked);
  const uids = new Map(originals.map((uid, index) => [uid, copies[index] ?? 0]));
  const isOneEach =
    originals.length > 0 &&
    originals.length === copies.length &&
    uids.size === originals.length &&
    new Set(copies).size === uids.size;
  return isOneEach && originals.every((uid) => known.has(uid)) ? { uidValidity, uids } : undefined;
}

function uidsOf(set: string, limit: number): number[] {
  try {
    return parseUidSet(set, limit);
  } catch {
    return []; // malformed, or more of them than were asked for
  }
}
