import { budgetFor, type Budget } from '../imap/providers/budget.ts';
import { profileOf } from '../imap/providers/provider-catalogue.ts';
import type { ProviderProfile } from '../imap/providers/provider-profile.ts';
import { ImapError, type ImapSide } from '../imap/errors.ts';
import type { CredentialSource } from '../imap/session/credential-source.ts';
import type { ImapEndpoint } from '../imap/session/imap-endpoint.ts';
import type { Services } from '../services.ts';
import { mailboxSignIn } from '../sign-in/mailbox-sign-in.ts';
import { hasServiceSecret } from '../sign-in/needed-secrets.ts';
import { endpointAt } from '../state/endpoint-at.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import type { SignInRecord } from '../state/sign-in-record.ts';
import type { ImapSecret, ServicePlace, ServiceSecret } from '../vault/vault.ts';
import { CredentialMissingError, EndpointMissingError } from './errors.ts';

/** One end of a mailbox: where it is, what opens it, and what is known of its server. */
export interface EndAccess {
  readonly endpoint: ImapEndpoint;
  readonly credentials: CredentialSource;
  readonly profile: ProviderProfile;
  /** What the account may be given to do. */
  readonly budget: Budget;
}

/** How to reach and open both ends of one mailbox; held in memory by the function that uses it and nowhere else. */
export interface MailboxAccess {
  readonly source: EndAccess;
  readonly destination: EndAccess;
  /** False where a server's RFC822.SIZE is an estimate (Exchange): sizes then identify nothing. */
  readonly sizesExact: boolean;
}

/**
 * Reads where the mailbox comes from and goes to, and what opens both.
 * @throws EndpointMissingError, CredentialMissingError, UserNameError
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
  const sourceEndpoint = endpointAt(connection);
  const destinationEndpoint = endpointAt(destination);
  const sourceProfile = profileOf(sourceEndpoint);
  const destinationProfile = profileOf(destinationEndpoint);
  const { connectionId } = mailbox;
  const [ofSource, ofDestination, sourceTuning, destinationTuning] = await Promise.all([
    readService(services, connection.signIn, { tenant, kind: 'connection', connectionId }),
    readService(services, destination.signIn, { tenant, kind: 'destination' }),
    state.budgets.get(tenant, sourceEndpoint.host),
    state.budgets.get(tenant, destinationEndpoint.host),
  ]);
  const open = (side: ImapSide, signIn: SignInRecord, user: string, service: ServiceSecret | undefined) =>
    credentialsOf(services, mailbox, side, { signIn, user, own: credential?.[side], service });
  return {
    source: {
      profile: sourceProfile,
      budget: budgetFor(sourceProfile, sourceTuning),
      endpoint: sourceEndpoint,
      credentials: open('source', connection.signIn, mailbox.sourceUser, ofSource),
    },
    destination: {
      profile: destinationProfile,
      budget: budgetFor(destinationProfile, destinationTuning),
      endpoint: destinationEndpoint,
      credentials: open('destination', destination.signIn, mailbox.destinationUser, ofDestination),
    },
    sizesExact: sourceProfile.sizesExact && destinationProfile.sizesExact,
  };
}

async function readService(
  { vault }: Services,
  signIn: SignInRecord,
  place: ServicePlace,
): Promise<ServiceSecret | undefined> {
  return hasServiceSecret(signIn) ? vault.getService(place) : undefined;
}

function credentialsOf(
  { vault, clock, environment }: Services,
  { tenant, credentialShard, mailboxId }: MailboxRecord,
  side: ImapSide,
  wanted: {
    readonly signIn: SignInRecord;
    readonly user: string;
    readonly own: ImapSecret | undefined;
    readonly service: ServiceSecret | undefined;
  },
): CredentialSource {
  try {
    const credentials = mailboxSignIn(wanted, {
      clock,
      policy: { allowPrivate: environment.allowPrivateAddresses },
      readRefreshToken: async () => {
        const own = (await vault.getMailbox(tenant, credentialShard, mailboxId))?.[side];
        return own?.kind === 'refresh-token' ? own.refreshToken : undefined;
      },
      keepRefreshToken: async (from, to) => {
        await vault.rotateRefreshToken(tenant, credentialShard, mailboxId, { side, from, to });
      },
    });
    if (credentials !== undefined) return credentials;
  } catch (error) {
    throw error instanceof ImapError ? error.attributeTo(side) : error;
  }
  throw new CredentialMissingError(side);
}
