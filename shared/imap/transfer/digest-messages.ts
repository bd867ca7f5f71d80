import { createHash } from 'node:crypto';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { Wait } from '../wire/wait.ts';
import { fetchMessages, type FetchMessagesOptions } from './fetch-messages.ts';

export interface MessageDigest {
  readonly uid: number;
  /** SHA-256 of the whole message, in the form that was asked for, lower-case hexadecimal. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** As the server wrote it, zone included. */
  readonly internalDate: string;
  readonly flags: readonly string[];
}

interface DigestOptions extends FetchMessagesOptions {
  /** For each message, what its pieces are brought into before they count; as they are unless given. */
  form?: () => { update(chunk: Uint8Array): Uint8Array };
}

/**
 * Reads messages of the selected mailbox whole, for where headers cannot tell which is which. Streams.
 * @param uids ascending
 * @throws what `fetchMessages` throws
 */
export async function* digestMessages(
  c: ImapConnection,
  uids: readonly number[],
  wait: Wait,
  { form, ...options }: DigestOptions = {},
): AsyncGenerator<MessageDigest> {
  for await (const { uid, size, internalDate, flags, body } of fetchMessages(c, uids, wait, options)) {
    const hash = createHash('sha256');
    const formed = form?.();
    for await (const chunk of body) hash.update(formed?.update(chunk) ?? chunk);
    yield { uid, sha256: hash.digest('hex'), size, internalDate, flags };
  }
}
