import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { MailboxAccess } from '../imap-test-client.ts';
import { MailAccount } from './mail-account.ts';
import type { ProviderScript } from './provider-script.ts';
import { serveClient } from './serve-client.ts';
import { ServerSession, type ServerMoods } from './server-session.ts';

/** A server on 127.0.0.1 that keeps mail in memory and behaves as a provider's script says. */
export interface ProviderServer extends AsyncDisposable {
  readonly port: number;
  readonly script: ProviderScript;
  readonly moods: ServerMoods;
  /** Commands of all clients, without tags; of a literal its size. */
  readonly heard: readonly string[];
  /** How many connections were made. */
  readonly connections: number;
  addUser(user: string, password: string): MailAccount;
  account(user: string): MailAccount;
  access(user: string): MailboxAccess;
  /** A user's mailbox as one end of a migration. */
  end(user: string): { readonly host: string; readonly access: MailboxAccess };
}

/**
 * @param accounts shared with another server of the provider, such as one for reading only
 */
export async function startProviderServer(
  script: ProviderScript,
  accounts: Map<string, MailAccount> = new Map(),
): Promise<ProviderServer> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const moods: ServerMoods = { judge: () => undefined, breakFetchAfter: undefined };
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    const session = new ServerSession(socket, { script, moods, accounts });
    serveClient(session, socket, heard).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const { port } = address;
  const accountOf = (user: string): MailAccount => {
    const account = accounts.get(user);
    if (account === undefined) throw new RangeError(`${script.name} does not know ${user}.`);
    return account;
  };
  const access = (user: string): MailboxAccess => {
    return { host: '127.0.0.1', port, user, password: accountOf(user).password };
  };
  return {
    port,
    script,
    moods,
    heard,
    get connections() {
      return connections;
    },
    addUser(user, password) {
      const account = new MailAccount(script, user, password);
      accounts.set(user, account);
      return account;
    },
    account: accountOf,
    access,
    end: (user) => ({ host: script.host, access: access(user) }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
