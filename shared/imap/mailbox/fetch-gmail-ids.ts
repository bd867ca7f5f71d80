import type { ImapConnection } from '../wire/imap-connection.ts';
import type { MailboxName } from '../wire/mailbox-argument.ts';
import { type UidBatch, uidBatches } from '../wire/uid-batches.ts';
import type { Wait } from '../wire/wait.ts';
import { examineThen } from './examine-then.ts';
import { fetchRows } from './fetch-rows.ts';

const MESSAGES_PER_COMMAND = 2000;
const IN_FLIGHT = 8;

/**
 * The X-GM-MSGID of messages of a mailbox (Gmail's X-GM-EXT-1): the same for a message under all of its labels.
 *
 * @param folder.uidValidity of the folder that the UIDs are of
 * @param uids ascending
 * @returns one for each UID, 0 where it did not come: the message is gone, or the folder is another one by now
 * @throws CommandRefusedError when the mailbox cannot be opened
 */
export async function fetchGmailIds(
  c: ImapConnection,
  folder: { readonly name: MailboxName; readonly uidValidity: number },
  uids: Uint32Array,
  wait: Wait,
): Promise<BigUint64Array> {
  const ids = new BigUint64Array(uids.length);
  const read = async (batch: UidBatch, at: number): Promise<void> => {
    const { opened, result } = await examineThen(c, folder.name, wait, () => idsOf(c, batch.set, wait));
    if (opened.uidValidity !== folder.uidValidity) return;
    for (const [index, uid] of batch.uids.entries()) ids[at + index] = result.get(uid) ?? 0n;
  };
  let at = 0;
  let reading: Array<Promise<void>> = [];
  for (const batch of uidBatches(uids, MESSAGES_PER_COMMAND)) {
    reading.push(read(batch, at));
    at += batch.uids.length;
    if (reading.length < IN_FLIGHT) continue;
    await Promise.all(reading);
    reading = [];
  }
  await Promise.all(reading);
  return ids;
}

async function idsOf(c: ImapConnection, set: string, wait: Wait): Promise<Map<number, bigint>> {
  const ids = new Map<number, bigint>();
  const rows = fetchRows(
    c,
    { sets: [set], items: '(UID X-GM-MSGID)', complete: (row) => row.gmailId !== undefined },
    wait,
  );
  for await (const { uid, gmailId } of rows) if (gmailId !== undefined) ids.set(uid, gmailId);
  return ids;
}
