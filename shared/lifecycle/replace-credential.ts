import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { isByConsent, ownSecretKind } from '../sign-in/needed-secrets.ts';
import type { ImapSecret, MailboxCredential } from '../vault/vault.ts';
import { applyEvent } from './apply-event.ts';
import { consentsOf } from './consents-of.ts';
import { CredentialIncompleteError, MailboxUnknownError, MigrationClosedError } from './errors.ts';
import type { MailboxKey } from '../state/keys.ts';
import { recordEvent } from './record-event.ts';
import { wakeMailboxes } from './wake-mailboxes.ts';

/** What each side of a mailbox wants of its own, if anything. */
type WantedSecrets = Readonly<Record<'source' | 'destination', ImapSecret['kind'] | undefined>>;

const SIDES = ['source', 'destination'] as const;

/**
 * Stores a new password or refresh token for one or both sides. A mailbox that waited for it, or needed attention,
 * goes on at once, unless the other side's is missing still.
 *
 * @param choose gives what replaces what is stored, of the kinds that are wanted; a side that is not given stays
 * @param options.by for its history
 * @throws MailboxUnknownError, MigrationClosedError, CredentialIncompleteError
 */
export async function replaceCredential(
  services: Services,
  key: MailboxKey,
  choose: (wanted: WantedSecrets) => MailboxCredential,
  options: { readonly by?: 'consent' } = {},
): Promise<MailboxRecord> {
  const { state, vault, clock } = services;
  const { tenant, mailboxId } = key;
  const found = await state.mailboxes.get(tenant, mailboxId);
  if (found === undefined) throw new MailboxUnknownError(mailboxId);
  const [migration, connection, ofTenant] = await Promise.all([
    state.migrations.get(tenant, found.migrationId),
    state.connections.get(tenant, found.connectionId),
    state.destinations.get(tenant),
  ]);
  if (found.status === 'closed' || migration?.status !== 'active') {
    throw new MigrationClosedError(found.migrationId);
  }

  const stored = await vault.getMailbox(tenant, found.credentialShard, mailboxId);
  const wanted = {
    source: connection && ownSecretKind(connection.signIn),
    destination: ofTenant && ownSecretKind(ofTenant.signIn),
  };
  const change = choose(wanted);
  const known = { ...stored, ...change };
  const missing = SIDES.filter((side) => wanted[side] !== undefined && known[side]?.kind !== wanted[side]);
  // A source whose user is still to consent does not hold up the destination.
  const sourceMayCome = connection !== undefined && isByConsent(connection.signIn);
  if (Object.keys(change).length === 0 || (missing.includes('source') && !sourceMayCome)) {
    throw new CredentialIncompleteError(mailboxId);
  }
  await vault.replaceMailbox(tenant, found.credentialShard, mailboxId, change);

  let goesOn = false;
  const record = await state.mailboxes.change(tenant, mailboxId, (current) => {
    const now = clock.now();
    const applied = applyEvent(current, { type: 'credential-given' }, now);
    goesOn = missing.length === 0 && applied.ok && applied.changed;
    const noted = consentsOf(change, now, current.consents);
    if (!goesOn || !applied.ok) return noted.consents === undefined ? undefined : { ...current, ...noted };
    return { ...applied.record, ...noted, failures: 0, dueAt: now };
  });
  if (record === undefined) throw new MailboxUnknownError(mailboxId);
  await recordEvent(services, key, options.by === 'consent' ? 'consent-given' : 'credential-replaced');
  if (goesOn) await wakeMailboxes(services, [key], 'resume');
  return record;
}
