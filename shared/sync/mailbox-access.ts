import { profileOf } from '../imap/providers/provider-catalogue.ts';
import type { ImapCredential, ImapEndpoint } from '../imap/session/imap-endpoint.ts';
import type { Services } from '../services.ts';
import { endpointAt } from '../state/endpoint-at.ts';
import type { DestinationRecord } from '../state/destination-repository.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import type { ImapSecret } from '../vault/vault.ts';
import { CredentialMissingError, EndpointMissingError } from './errors.ts';

/** How to reach and open both ends of one mailbox; held in memory by the function that uses it and nowhere else. */
export interface MailboxAccess {
  readonly source: { readonly endpoint: ImapEndpoint; readonly credential: ImapCredential };
  readonly destination: { readonly endpoint: ImapEndpoint; readonly credential: ImapCredential };
  /** False where a server's RFC822.SIZE is an estimate (Exchange): sizes then identify nothing. */
  readonly sizesExact: boolean;
}

/**
 * Reads where the mailbox comes from and goes to, and the passwords for both.
 * @throws EndpointMissingError, CredentialMissingError
 */
export async function readAccess(services: Services, mailbox: MailboxRecord): Promise<MailboxAccess> {
  const { state, vault } = services;
  const { tenant } = mailbox;
  const [connection, destination, credential] = await Promise.all([
    state.connections.get(tenant, mailbox.connectionId),
    state.destinations.get(tenant),
    vault.getMailbox(tenant, mailbox.credentialShard, mailbox.mailboxId),
  ]);
  if (connection === undefined || connection.status !== 'verified') throw new EndpointMissingError('source');
  if (destination === undefined) throw new EndpointMissingError('destination');
  if (credential === undefined) throw new CredentialMissingError('source');
  const sourceEndpoint = endpointAt(connection);
  const destinationEndpoint = endpointAt(destination);
  const administratorSecret =
    destination.signIn.kind === 'administrator' ? await vault.getDestination(tenant) : undefined;
  return {
    source: {
      endpoint: sourceEndpoint,
      credential: passwordFor(mailbox.sourceUser, credential.source, 'source'),
    },
    destination: {
      endpoint: destinationEndpoint,
      credential: destinationCredential(destination, mailbox, credential.destination, administratorSecret),
    },
    sizesExact: profileOf(sourceEndpoint).sizesExact && profileOf(destinationEndpoint).sizesExact,
  };
}

function passwordFor(
  user: string,
  secret: ImapSecret | undefined,
  side: 'source' | 'destination',
): ImapCredential {
  if (secret === undefined) throw new CredentialMissingError(side);
  return { kind: 'password', user, password: secret.password };
}

function destinationCredential(
  destination: DestinationRecord,
  mailbox: MailboxRecord,
  own: ImapSecret | undefined,
  administrator: ImapSecret | undefined,
): ImapCredential {
  const { signIn } = destination;
  if (signIn.kind === 'user-password') return passwordFor(mailbox.destinationUser, own, 'destination');
  if (administrator === undefined) throw new CredentialMissingError('destination');
  switch (signIn.form) {
    case 'plain-authzid':
      return {
        kind: 'password',
        user: signIn.user,
        password: administrator.password,
        authorizeAs: mailbox.destinationUser,
      };
    case 'master-user':
      return {
        kind: 'password',
        user: `${mailbox.destinationUser}*${signIn.user}`,
        password: administrator.password,
      };
  }
}
