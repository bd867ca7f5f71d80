import type { AddressInfo, Socket } from 'node:net';
import hoodiecrow from 'hoodiecrow-imap';

const PLUGINS = ['ID', 'LITERALPLUS', 'UIDPLUS', 'NAMESPACE', 'SPECIAL-USE', 'UNSELECT'];

export interface DemoMessage {
  readonly folder: string;
  /** The bytes as a binary (latin1) string. */
  readonly raw: string;
  readonly flags: readonly string[];
  readonly internalDate: string;
}

export interface DemoAccount {
  readonly user: string;
  readonly password: string;
  readonly storage: Record<string, hoodiecrow.StoredFolder>;
}

/** An IMAP server in this process, with a mailbox for each account, on a free port of 127.0.0.1. */
export interface DemoServer {
  readonly port: number;
  deliver(user: string, message: DemoMessage): void;
  messages(user: string): DemoMessage[];
  close(): Promise<void>;
}

/**
 * hoodiecrow keeps one store for all who sign in. So each account has a hoodiecrow of its own that does not listen,
 * and the one that listens hands a connection over to it when the sign-in has succeeded.
 */
export async function startDemoServer(
  accounts: readonly DemoAccount[],
  options: { readonly plugins?: readonly ((server: hoodiecrow.ImapServer) => void)[] } = {},
): Promise<DemoServer> {
  const plugins = [...PLUGINS, ...(options.plugins ?? [])];
  const mailboxes = new Map(accounts.map(({ user, storage }) => [user, hoodiecrow({ plugins, storage })]));
  const door = hoodiecrow({
    plugins: [...PLUGINS],
    users: Object.fromEntries(accounts.map(({ user, password }) => [user, { password }])),
  });
  // One listener for each connection, and a migration opens more than ten.
  door.setMaxListeners(0);
  // Connections go on listening at the door for what happens in the folder that they have open.
  for (const mailbox of mailboxes.values()) mailbox.on('notify', (change) => door.emit('notify', change));
  handOverAfterLogin(door, mailboxes);

  const sockets = new Set<Socket>();
  door.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    door.server.once('error', reject);
    door.listen(0, '127.0.0.1', resolve);
  });

  const mailboxOf = (user: string) => {
    const mailbox = mailboxes.get(user);
    if (mailbox === undefined) throw new Error(`the demo has no account ${user}`);
    return mailbox;
  };
  return {
    port: (door.server.address() as AddressInfo).port, // a TCP server's address is never a path
    deliver: (user, { folder, flags, internalDate, raw }) => {
      mailboxOf(user).appendMessage(folder, [...flags], internalDate, raw);
    },
    messages: (user) =>
      Object.values(mailboxOf(user).folderCache).flatMap(({ path, messages }) =>
        messages.map(({ raw, flags, internaldate }) => ({
          folder: path,
          raw,
          flags,
          internalDate: internaldate,
        })),
      ),
    close: () =>
      new Promise<void>((resolve) => {
        door.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function handOverAfterLogin(
  door: hoodiecrow.ImapServer,
  mailboxes: ReadonlyMap<string, hoodiecrow.ImapServer>,
): void {
  const login = door.getCommandHandler('LOGIN');
  if (login === false) throw new Error('hoodiecrow-imap has no LOGIN');
  door.setCommandHandler('LOGIN', (connection, parsed, data, callback) => {
    login(connection, parsed, data, () => {
      const user = parsed.attributes?.[0]?.value ?? '';
      const mailbox = connection.state === 'Authenticated' ? mailboxes.get(user) : undefined;
      if (mailbox !== undefined && connection.server !== mailbox) connection.server = mailbox;
      callback();
    });
  });
}
