import { CommandRefusedError } from '../errors.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import { numberOf, textOf, type Value } from '../wire/value.ts';
import type { Wait } from '../wire/wait.ts';

export interface MailboxQuota {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/** STORAGE is counted in these (RFC 9208 5.1). */
const UNIT_BYTES = 1024;

/**
 * How full the mailbox is, by the quota root of INBOX that has the least left (RFC 9208).
 * @returns undefined where the server does not tell, or sets no limit
 */
export async function readQuota(c: ImapConnection, wait: Wait): Promise<MailboxQuota | undefined> {
  if (!c.capabilities.has('QUOTA')) return undefined;
  const quotas: MailboxQuota[] = [];
  try {
    await c.run(['GETQUOTAROOT ', c.mailbox('INBOX')], wait, {
      untagged: (response) => {
        if (response.kind !== 'data' || response.name !== 'QUOTA') return false;
        const storage = storageOf(response.values[1]);
        if (storage !== undefined) quotas.push(storage);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof CommandRefusedError) return undefined;
    throw error;
  }
  return quotas.toSorted((a, b) => a.limitBytes - a.usedBytes - (b.limitBytes - b.usedBytes))[0];
}

/** `(STORAGE 10 512 MESSAGE 3 100)`: name, usage, limit, again and again. */
function storageOf(resources: Value | undefined): MailboxQuota | undefined {
  if (!Array.isArray(resources)) return undefined;
  const at = resources.findIndex((value, index) => index % 3 === 0 && /^STORAGE$/i.test(textOf(value) ?? ''));
  if (at === -1) return undefined;
  const [used, limit] = [numberOf(resources[at + 1]), numberOf(resources[at + 2])];
  if (used === undefined || limit === undefined) return undefined;
  return { usedBytes: used * UNIT_BYTES, limitBytes: limit * UNIT_BYTES };
}
