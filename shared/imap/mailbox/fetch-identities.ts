import { FINGERPRINT_FIELDS, fingerprintHeader } from '../../migration/fingerprint.ts';
import type { MessageIdentity } from '../../migration/match-messages.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import { uidBatches } from '../wire/uid-batches.ts';
import type { Wait } from '../wire/wait.ts';
import { fetchRows } from './fetch-rows.ts';

const MESSAGES_PER_COMMAND = 500;
const ITEMS = `(UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (${FINGERPRINT_FIELDS.join(' ')})])`;

/**
 * What tells messages of the selected mailbox apart, without their bodies and without marking them as read. UIDs
 * that are gone do not come. `size` is RFC822.SIZE in bytes: an estimate on Exchange.
 *
 * @param uids ascending
 */
export async function* fetchIdentities(
  c: ImapConnection,
  uids: readonly number[] | Uint32Array,
  wait: Wait,
): AsyncGenerator<MessageIdentity & { flags: string[] }> {
  const rows = fetchRows(
    c,
    {
      sets: uidBatches(uids, MESSAGES_PER_COMMAND).map(({ set }) => set),
      items: ITEMS,
      complete: (row) => row.header !== undefined && row.size !== undefined && row.flags !== undefined,
    },
    wait,
  );
  for await (const { uid, header, size, flags } of rows) {
    if (header === undefined || size === undefined) continue;
    yield { uid, fingerprint: fingerprintHeader(header), size, flags: [...(flags ?? [])] };
  }
}
