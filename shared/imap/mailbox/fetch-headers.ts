import type { ImapConnection } from '../wire/imap-connection.ts';
import { uidBatches } from '../wire/uid-batches.ts';
import type { Wait } from '../wire/wait.ts';
import { fetchRows } from './fetch-rows.ts';

const MESSAGES_PER_COMMAND = 500;

/**
 * Header fields of messages of the selected mailbox, without their bodies and without marking them as read. UIDs that
 * are gone do not come. `size` is RFC822.SIZE in bytes: an estimate on Exchange.
 *
 * @param wanted.uids ascending
 */
export async function* fetchHeaders(
  c: ImapConnection,
  wanted: { readonly uids: readonly number[] | Uint32Array; readonly fields: readonly string[] },
  wait: Wait,
): AsyncGenerator<{ uid: number; flags: string[]; header: Uint8Array; size: number }> {
  const rows = fetchRows(
    c,
    {
      sets: uidBatches(wanted.uids, MESSAGES_PER_COMMAND).map(({ set }) => set),
      items: `(UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (${wanted.fields.join(' ')})])`,
      complete: (row) => row.header !== undefined && row.size !== undefined && row.flags !== undefined,
    },
    wait,
  );
  for await (const { uid, header, size, flags } of rows) {
    if (header === undefined || size === undefined) continue;
    yield { uid, header, size, flags: [...(flags ?? [])] };
  }
}
