import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCloud, type LocalCloud } from '../../infra/local/local-cloud.ts';
import { type AwsClients, createClients } from '../../shared/aws-clients/create-clients.ts';
import { type HostResolver, systemResolver } from '../../shared/imap/session/address-policy.ts';
import { profileForHost } from '../../shared/imap/providers/provider-catalogue.ts';
import { createServices } from '../../shared/services.ts';
import { createState } from '../../shared/state/create-state.ts';
import type { SignInRecord } from '../../shared/state/sign-in-record.ts';
import { createVault, type ImapSecret, type ServiceSecret } from '../../shared/vault/vault.ts';
import { startDovecot, type Dovecot, type DovecotOptions } from './dovecot.ts';
import type { MailboxAccess } from './imap-test-client.ts';
import type { MailServer } from './mail-server.ts';
import { mailboxRecord } from './mailbox-record-factory.ts';
import { type BenchWorker, MailboxBench } from './mailbox-bench.ts';
import { movableClock } from './movable-clock.ts';
import { QueuePump } from './queue-pump.ts';

/** Two mail servers and the services of one machine: what the engine needs, without API, timers and real queues. */
export interface SyncBench<Source extends MailServer = Dovecot, Destination extends MailServer = Dovecot> {
  readonly source: Source;
  readonly destination: Destination;
  /** A mailbox of its own tenant, with fresh users on both sides unless they are given. */
  mailbox(options?: MailboxOptions): Promise<MailboxBench>;
  stop(): Promise<void>;
}

interface MailboxOptions {
  readonly lanes?: number;
  /** Ports that the engine is told, such as those of proxies. */
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** Existing users; both have the password 'secret'. */
  readonly sourceUser?: string;
  readonly destinationUser?: string;
  /** Ms that the destination must stand still before what a dead worker sent counts as landed. */
  readonly settleMs?: number;
  /** Ms between renewals of a lease, each of which is one request. */
  readonly renewMs?: number;
  /** Whose profile counts at the source; that of its host unless it is given. */
  readonly provider?: string;
  /** Servers in place of the bench's own. */
  readonly sourceServer?: MailboxEnd;
  readonly destinationServer?: MailboxEnd;
  /** What the engine is told as the password of the source. */
  readonly sourcePassword?: string;
  /** How each side is opened; by the user's password unless it is given. */
  readonly sourceSignIn?: BenchSignIn;
  readonly destinationSignIn?: BenchSignIn;
  /** See `MailboxRecord`. */
  readonly userRoot?: string;
}

interface BenchSignIn {
  readonly signIn: SignInRecord;
  /** What opens the server for all. */
  readonly service?: ServiceSecret;
  /** What the mailbox has of its own. */
  readonly own?: ImapSecret;
}

/** A mailbox on a server of the test's own. */
interface MailboxEnd {
  readonly access: MailboxAccess;
  /** The name by which the engine knows the server; it leads to 127.0.0.1. */
  readonly host: string;
}

let users = 0;
const PASSWORD = 'secret';
const userName = (number: number): string => `user${number}`;

export function startSyncBench(
  options: { source?: DovecotOptions; destination?: DovecotOptions } = {},
): Promise<SyncBench> {
  return openSyncBench({
    source: () => startDovecot(withUsersAtHand(options.source)),
    destination: () => startDovecot(withUsersAtHand(options.destination)),
  });
}

/** Users that a server has from its start: one that is added later is waited for, up to a second. */
const USERS_AT_HAND = 200;

function withUsersAtHand(options: DovecotOptions = {}): DovecotOptions {
  const names = Array.from({ length: USERS_AT_HAND }, (_, index) => userName(index + 1));
  const users = Object.fromEntries(names.map((name) => [name, PASSWORD]));
  return { ...options, users: { ...users, ...options.users } };
}

/** A bench with servers of other kinds. */
export async function openSyncBench<Source extends MailServer, Destination extends MailServer>(start: {
  source: () => Promise<Source>;
  destination: () => Promise<Destination>;
}): Promise<SyncBench<Source, Destination>> {
  const stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-bench-'));
  const [source, destination, cloud] = await Promise.all([
    start.source(),
    start.destination(),
    startLocalCloud({ stateDir, syncWrites: false, variables: { MAILHAUL_LOG_LEVEL: 'SILENT' } }),
  ]);
  Object.assign(process.env, cloud.environment);
  const opened: AwsClients[] = [];
  const addUser = async (server: MailServer, given: string | undefined): Promise<string> => {
    users += 1;
    const user = given ?? userName(users);
    if (given === undefined) await server.addUser(user, PASSWORD);
    return user;
  };
  return {
    source,
    destination,
    async mailbox(wanted = {}) {
      const { sourceServer, destinationServer } = wanted;
      const [from, to] = await Promise.all([
        sourceServer?.access ?? addUser(source, wanted.sourceUser).then((user) => source.access(user)),
        destinationServer?.access ??
          addUser(destination, wanted.destinationUser).then((user) => destination.access(user)),
      ]);
      return openMailbox(cloud, opened, { source: from, destination: to }, wanted);
    },
    async stop() {
      for (const each of opened) each.destroy();
      await Promise.all([source.stop(), destination.stop(), cloud.close()]);
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}

async function openMailbox(
  cloud: LocalCloud,
  opened: AwsClients[],
  access: { source: MailboxAccess; destination: MailboxAccess },
  options: MailboxOptions,
): Promise<MailboxBench> {
  const queues = new QueuePump();
  const clock = movableClock();
  const variables = {
    ...cloud.environment,
    MAILHAUL_RECONNECT_MS: '50',
    MAILHAUL_SETTLE_MS: String(options.settleMs ?? 60),
    ...(options.renewMs !== undefined && { MAILHAUL_RENEW_MS: String(options.renewMs) }),
  };
  const base = createServices('bench', variables);
  const { ids } = base;
  const { table, secretPrefix: prefix } = base.environment;
  const names = new Set([options.sourceServer?.host, options.destinationServer?.host]);
  const hostResolver: HostResolver = async (host) =>
    names.has(host) ? [{ address: '127.0.0.1', family: 4 }] : systemResolver(host);
  const worker = (): BenchWorker => {
    const clients = createClients(cloud.environment);
    opened.push(clients);
    const own = createState(clients.documents, { table, clock, ids });
    const vault = createVault(clients.secrets, { prefix, state: own });
    return { clients, services: { ...base, state: own, vault, queues, clock, hostResolver } };
  };
  const { services } = worker();
  const { state } = services;
  const tenant = `tenant-${base.ids()}`;
  const mailboxId = base.ids();
  const migrationId = base.ids();
  const connectionId = base.ids();
  const now = clock.now();
  const endpoint = (port: number, host = '127.0.0.1') => ({ host, port, security: 'insecure' as const });
  const { source, destination } = access;
  await state.connections.put({
    tenant,
    connectionId,
    provider: options.provider ?? profileForHost(options.sourceServer?.host ?? '127.0.0.1').id,
    endpoint: endpoint(options.sourcePort ?? source.port, options.sourceServer?.host),
    signIn: options.sourceSignIn?.signIn ?? { kind: 'user-password' },
    status: 'verified',
    verifiedAt: now,
    createdAt: now,
    version: 0,
  });
  await state.destinations.put({
    tenant,
    endpoint: endpoint(options.destinationPort ?? destination.port, options.destinationServer?.host),
    signIn: options.destinationSignIn?.signIn ?? { kind: 'user-password' },
    updatedAt: now,
    version: 0,
  });
  if (options.destinationServer !== undefined) {
    // A provider's pace would be minutes of waiting: a test of it sets its own.
    const { host } = options.destinationServer;
    await state.budgets.put({ tenant, host, messagesPerSecond: 10_000, updatedAt: now, version: 0 });
  }
  await state.migrations.put({
    tenant,
    migrationId,
    connectionId,
    status: 'active',
    mailboxCount: 1,
    createdAt: now,
    version: 0,
  });
  const own = (given: BenchSignIn | undefined, password: string): ImapSecret | undefined =>
    given === undefined ? { kind: 'password', password } : given.own;
  const ofSource = own(options.sourceSignIn, options.sourcePassword ?? source.password);
  const ofDestination = own(options.destinationSignIn, destination.password);
  const credential = {
    ...(ofSource && { source: ofSource }),
    ...(ofDestination && { destination: ofDestination }),
  };
  if (options.sourceSignIn?.service !== undefined) {
    await services.vault.putService(
      { tenant, kind: 'connection', connectionId },
      options.sourceSignIn.service,
    );
  }
  if (options.destinationSignIn?.service !== undefined) {
    await services.vault.putService({ tenant, kind: 'destination' }, options.destinationSignIn.service);
  }
  const shards = await services.vault.putMailboxes(tenant, migrationId, [{ mailboxId, credential }]);
  await state.mailboxes.create([
    mailboxRecord({
      tenant,
      mailboxId,
      migrationId,
      connectionId,
      sourceUser: source.user,
      ...(options.userRoot !== undefined && { userRoot: options.userRoot }),
      destinationUser: destination.user,
      laneLimit: options.lanes ?? 3,
      credentialShard: shards.get(mailboxId) ?? '',
      dueAt: now,
      version: 0,
    }),
  ]);
  return new MailboxBench({
    services,
    key: { tenant, mailboxId },
    migrationId,
    queues,
    clock,
    worker,
    access,
  });
}
