import { createHash } from 'node:crypto';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Characters of a ULID that hold its time, and those that hold its random bits. */
const TIME = 10;
const RANDOM = 16;

/**
 * The identifier of a user's mailbox in a migration: a ULID whose time is the migration's and whose random part is
 * a digest of the names. The same user therefore gets the same mailbox however often and however many at once ask
 * for it, without an index or a lock, and a half-done request can simply be made again.
 */
export function mailboxIdOf(tenant: string, migrationId: string, email: string): string {
  return migrationId.slice(0, TIME) + digestText([tenant, migrationId, email.toLowerCase()]);
}

function digestText(names: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(names)).digest();
  let text = '';
  // Five bits a character: 80 bits are 16 characters.
  let bits = digest.readBigUInt64BE(0) * 65_536n + BigInt(digest.readUInt16BE(8));
  for (let index = 0; index < RANDOM; index += 1) {
    text = CROCKFORD.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return text;
}
