import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import type { ImapSecret } from '../vault/vault.ts';
import { applyEvent } from './apply-event.ts';
import { CredentialIncompleteError, MailboxUnknownError, MigrationClosedError } from './errors.ts';
import type { MailboxKey } from '../state/keys.ts';
import { recordEvent } from './record-event.ts';
import { wakeMailboxes } from './wake-mailboxes.ts';

/** What is given replaces what is stored; a side that is not given stays. */
export interface CredentialChange {
  readonly source?: ImapSecret;
  readonly destination?: ImapSecret;
}

/**
 * Stores a new password for one or both sides. A mailbox that waited for it, or needed attention, goes on at once.
 *
 * @throws MailboxUnknownError, MigrationClosedError, CredentialIncompleteError
 */
export async function replaceCredential(
  services: Services,
  key: MailboxKey,
  change: CredentialChange,
): Promise<MailboxRecord> {
  const { state, vault, clock } = services;
  const { tenant, mailboxId } = key;
  const found = await state.mailboxes.get(tenant, mailboxId);
  if (found === undefined) throw new MailboxUnknownError(mailboxId);
  const migration = await state.migrations.get(tenant, found.migrationId);
  if (found.status === 'closed' || migration?.status !== 'active') {
    throw new MigrationClosedError(found.migrationId);
  }

  const stored = await vault.getMailbox(tenant, found.credentialShard, mailboxId);
  const source = change.source ?? stored?.source;
  if (source === undefined) throw new CredentialIncompleteError(mailboxId);
  const destination = change.destination ?? stored?.destination;
  await vault.replaceMailbox(tenant, found.credentialShard, mailboxId, {
    source,
    ...(destination === undefined ? {} : { destination }),
  });

  let goesOn = false;
  const record = await state.mailboxes.change(tenant, mailboxId, (current) => {
    const now = clock.now();
    const applied = applyEvent(current, { type: 'credential-given' }, now);
    goesOn = applied.ok && applied.changed;
    if (!applied.ok || !applied.changed) return undefined;
    return { ...applied.record, failures: 0, dueAt: now };
  });
  if (record === undefined) throw new MailboxUnknownError(mailboxId);
  await recordEvent(services, key, 'credential-replaced');
  if (goesOn) await wakeMailboxes(services, [key], 'resume');
  return record;
}
