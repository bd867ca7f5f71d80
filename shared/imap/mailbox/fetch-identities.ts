import { FINGERPRINT_FIELDS, fingerprintHeader } from '../../migration/fingerprint.ts';
import type { MessageIdentity } from '../../migration/match-messages.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { Wait } from '../wire/wait.ts';
import { fetchHeaders } from './fetch-headers.ts';

/**
 * What tells messages of the selected mailbox apart; see `fetchHeaders`.
 *
 * @param uids ascending
 */
export async function* fetchIdentities(
  c: ImapConnection,
  uids: readonly number[] | Uint32Array,
  wait: Wait,
): AsyncGenerator<MessageIdentity & { flags: string[] }> {
  for await (const { header, ...message } of fetchHeaders(c, { uids, fields: FINGERPRINT_FIELDS }, wait)) {
    yield { ...message, fingerprint: fingerprintHeader(header) };
  }
}
