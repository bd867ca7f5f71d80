import type { ImapEndpoint } from '../imap/session/imap-endpoint.ts';
import { profileOf } from '../imap/providers/provider-catalogue.ts';
import type { Services } from '../services.ts';
import { type ConsentSignIn, isByConsent } from '../sign-in/needed-secrets.ts';
import { endpointAt } from '../state/endpoint-at.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import type { ServicePlace } from '../vault/vault.ts';
import { type ConsentWay, consentWayOf } from './consent-way.ts';
import { ConsentError } from './errors.ts';

export type ConsentSide = 'source' | 'destination';

/** What a consent is for. */
export interface ConsentTarget {
  readonly mailbox: MailboxRecord;
  /** Who signs in at this side. */
  readonly account: string;
  readonly endpoint: ImapEndpoint;
  readonly signIn: ConsentSignIn;
  readonly way: ConsentWay;
  readonly place: ServicePlace;
}

/** @throws ConsentError closed, where nothing is to be consented to any more */
export async function readConsentTarget(
  { state }: Pick<Services, 'state'>,
  { tenant, mailboxId, side }: { tenant: string; mailboxId: string; side: ConsentSide },
): Promise<ConsentTarget> {
  const mailbox = await state.mailboxes.get(tenant, mailboxId);
  if (mailbox === undefined || mailbox.status === 'closed') throw new ConsentError('closed');
  const { connectionId } = mailbox;
  const [connection, destination, migration] = await Promise.all([
    state.connections.get(tenant, connectionId),
    state.destinations.get(tenant),
    state.migrations.get(tenant, mailbox.migrationId),
  ]);
  if (migration?.status !== 'active' || connection?.status !== 'verified') throw new ConsentError('closed');
  const server = side === 'source' ? connection : destination;
  if (server === undefined || !isByConsent(server.signIn)) throw new ConsentError('closed');
  const endpoint = endpointAt(server);
  return {
    mailbox,
    account: accountOf(mailbox, side),
    endpoint,
    signIn: server.signIn,
    way: consentWayOf(server.signIn, profileOf(endpoint)),
    place: side === 'source' ? { tenant, kind: 'connection', connectionId } : { tenant, kind: 'destination' },
  };
}

export function accountOf(
  { sourceUser, destinationUser }: Pick<MailboxRecord, 'sourceUser' | 'destinationUser'>,
  side: ConsentSide,
): string {
  return side === 'source' ? sourceUser : destinationUser;
}
