import { profileById, profileForHost } from '../imap/providers/provider-catalogue.ts';
import type { ImapCredential, ImapEndpoint } from '../imap/session/imap-endpoint.ts';
import { type ImapSession, openSession } from '../imap/session/open-session.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { Wait } from '../imap/wire/wait.ts';
import type { Services } from '../services.ts';
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

/** Ms of silence that one answer may take; a large mailbox may be slow to open. */
export const ANSWER_DEADLINE_MS = 120_000;
/** Ms that a server may take to say goodbye. */
const FAREWELL_MS = 2_000;

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
  const administratorSecret =
    destination.signIn.kind === 'administrator' ? await vault.getDestination(tenant) : undefined;
  return {
    source: {
      endpoint: connection.endpoint,
      credential: passwordFor(mailbox.sourceUser, credential.source, 'source'),
    },
    destination: {
      endpoint: destination.endpoint,
      credential: destinationCredential(destination, mailbox, credential.destination, administratorSecret),
    },
    sizesExact:
      (profileById(connection.provider) ?? profileForHost(connection.endpoint.host)).sizesExact &&
      profileForHost(destination.endpoint.host).sizesExact,
  };
}

/**
 * Opens both ends at once, works with them and closes them, whatever happens.
 *
 * @param work `takeOver` gives the connection of a session and sees to it that it is closed in the end as well
 * @throws ImapError with its side
 */
export async function withBothEnds<Result>(
  services: Services,
  access: MailboxAccess,
  wait: Wait,
  work: (
    source: ImapSession,
    destination: ImapSession,
    takeOver: (session: ImapSession) => ImapConnection,
  ) => Promise<Result>,
): Promise<Result> {
  const connections: ImapConnection[] = [];
  const addressPolicy = { allowPrivate: services.environment.allowPrivateAddresses };
  const opened = await Promise.allSettled([
    openSession(access.source.endpoint, access.source.credential, { side: 'source', wait, addressPolicy }),
    openSession(access.destination.endpoint, access.destination.credential, {
      side: 'destination',
      wait,
      addressPolicy,
    }),
  ]);
  try {
    const [source, destination] = opened;
    if (source.status === 'rejected') throw source.reason;
    if (destination.status === 'rejected') throw destination.reason;
    const result = await work(source.value, destination.value, (session) => {
      const connection = session.takeOver();
      connections.push(connection);
      return connection;
    });
    await Promise.all(
      connections.map((connection) => connection.logout({ ...wait, deadlineMs: FAREWELL_MS })),
    );
    return result;
  } finally {
    // After a fault nothing that was sent is waited for: the fewer commands the server still carries out, the better.
    for (const connection of connections) connection.destroy();
    const sessions = opened.filter((session) => session.status === 'fulfilled');
    await Promise.allSettled(sessions.map((session) => session.value.close()));
  }
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
