import type { MailboxRecord } from '../state/mailbox-repository.ts';
import type { MailboxCredential } from '../vault/vault.ts';

/** What the record of a mailbox tells of its refresh tokens: since when there is one, by side. */
export function consentsOf(
  credential: MailboxCredential,
  now: number,
  before: MailboxRecord['consents'] = {},
): Pick<MailboxRecord, 'consents'> {
  const consents = {
    ...before,
    ...(credential.source?.kind === 'refresh-token' && { source: now }),
    ...(credential.destination?.kind === 'refresh-token' && { destination: now }),
  };
  return Object.keys(consents).length === 0 ? {} : { consents };
}
