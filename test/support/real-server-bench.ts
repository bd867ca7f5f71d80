import { startCourier } from './courier.ts';
import { startCyrus } from './cyrus.ts';
import type { MailServer } from './mail-server.ts';
import type { MailboxBench } from './mailbox-bench.ts';
import { startSyncBench, type SyncBench } from './sync-bench.ts';

const REAL_SERVERS = ['Dovecot', 'Courier', 'Cyrus'] as const;

export type RealServer = (typeof REAL_SERVERS)[number];

/** Every server with every server, but Dovecot with itself, which the other suites have. */
export const REAL_PAIRS = REAL_SERVERS.flatMap((source) =>
  REAL_SERVERS.map((destination) => [source, destination] as const),
).filter(([source, destination]) => source !== 'Dovecot' || destination !== 'Dovecot');

/** One server of each kind, each of which can be source and destination. */
export interface RealServerBench {
  readonly servers: Readonly<Record<RealServer, MailServer>>;
  /** A mailbox of fresh users. */
  mailbox(
    source: RealServer,
    destination: RealServer,
    options?: Parameters<SyncBench['mailbox']>[0],
  ): Promise<MailboxBench>;
  stop(): Promise<void>;
}

let users = 0;

export async function startRealServerBench(): Promise<RealServerBench> {
  const [bench, courier, cyrus] = await Promise.all([startSyncBench(), startCourier(), startCyrus()]);
  const servers = { Dovecot: bench.source, Courier: courier, Cyrus: cyrus };
  const end = async (name: RealServer) => {
    users += 1;
    const user = `real${users}`;
    await servers[name].addUser(user, 'secret');
    return { access: servers[name].access(user), host: '127.0.0.1' };
  };
  return {
    servers,
    async mailbox(source, destination, options = {}) {
      const [sourceServer, destinationServer] = [await end(source), await end(destination)];
      return bench.mailbox({ sourceServer, destinationServer, ...options });
    },
    async stop() {
      await Promise.all([bench.stop(), courier.stop(), cyrus.stop()]);
    },
  };
}
