import { createHash } from 'node:crypto';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { courierEnvironment, type CourierOptions } from './courier-config.ts';
import { launchMailServer } from './launch-mail-server.ts';
import type { MailServer } from './mail-server.ts';
import { makeServerRoot, type ServerRoot } from './real-servers/server-root.ts';
import { COURIER } from './real-servers/server-tree.ts';
import { collectWords } from './real-servers/collect-words.ts';
import { testCertificate } from './test-certificate.ts';

const LISTEN = ['-address=127.0.0.1', '-maxprocs=200', '-nodnslookup', '-noidentlookup'];
const SERVE = ['/usr/lib/courier/courier/imaplogin', '/usr/bin/imapd', 'Maildir'];

/**
 * Starts a private Courier, as Debian configures it, on free ports of 127.0.0.1: prefix `INBOX.`, separator `.`, mail
 * in Maildir++. Ready when it returns.
 *
 * @throws MailServerStartError with the server's own words
 */
export async function startCourier(options: CourierOptions = {}): Promise<MailServer> {
  const { ca, certificate, key } = await testCertificate();
  const folder = await mkdtemp(join(tmpdir(), 'mailhaul-courier-'));
  await chmod(folder, 0o755);
  const file = (name: string): string => join(folder, name);
  const [root] = await Promise.all([
    makeServerRoot(COURIER, file('root')),
    writeFile(file('ca.pem'), ca),
    writeFile(file('courier.log'), ''),
  ]);
  for (const inside of ['/etc/courier', '/etc/courier/shared', '/run/courier', '/run/courier/authdaemon'])
    await root.folder(inside);
  // couriertls wants to become the user of this name
  const user = (name: string): string => `${name}:x:${root.uid}:${root.gid}::/home:/bin/sh\n`;
  await root.write('/etc/passwd', user('mail') + user('courier'));
  await root.write('/etc/group', `mail:x:${root.gid}:\ncourier:x:${root.gid}:\n`);
  await root.write('/etc/courier/authdaemonrc', AUTHENTICATION);
  await root.write('/etc/courier/imapd.pem', `${key}${certificate}`);
  const users = new Map<string, string>();
  let writing: Promise<void> = Promise.resolve();
  const addUser = (user: string, password: string): Promise<void> => {
    users.set(user, password);
    writing = writing.then(() => writeUsers(root, user, users));
    return writing;
  };
  await writeUsers(root, undefined, users);
  for (const [user, password] of Object.entries(options.users ?? {})) await addUser(user, password);

  // Its processes find the one that watches files by this name, which is not bound to a folder.
  const environment = { ...courierEnvironment(options), GAM_CLIENT_ID: basename(folder) };
  const server = await launchMailServer({
    name: 'Courier',
    folder,
    logFile: file('courier.log'),
    async start(port, tlsPort) {
      const perAddress = `-maxperip=${options.connectionsPerAddress ?? 200}`;
      const listen = (on: number, serve: readonly string[]) =>
        root.spawn('/usr/sbin/couriertcpd', [...LISTEN, perAddress, String(on), ...serve], environment);
      const processes = [
        root.spawn('/usr/libexec/gam_server', ['--notimeout', environment.GAM_CLIENT_ID]),
        root.spawn('/usr/lib/courier/courier-authlib/authdaemond', []),
        listen(port, SERVE),
        listen(tlsPort, ['/usr/bin/couriertls', '-server', '-tcpd', ...SERVE]),
      ];
      for (const child of processes) collectWords(child, file('courier.log'));
      return processes;
    },
  });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= server.stop();
    return stopping;
  };
  return {
    host: '127.0.0.1',
    port: server.port,
    tlsPort: server.tlsPort,
    caFile: file('ca.pem'),
    ca,
    logFile: file('courier.log'),
    access: (user) => ({ host: '127.0.0.1', port: server.port, user, password: users.get(user) ?? '' }),
    addUser,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

const AUTHENTICATION = `authmodulelist="authuserdb"
authmodulelistorig="authuserdb"
daemons=3
authdaemonvar=/run/courier/authdaemon
DEBUG_LOGIN=0
DEFAULTOPTIONS=""
`;

/** Writes the two databases that authuserdb reads, and the Maildir of a new user. */
async function writeUsers(
  root: ServerRoot,
  added: string | undefined,
  users: ReadonlyMap<string, string>,
): Promise<void> {
  if (added !== undefined) {
    for (const inside of ['', '/Maildir', '/Maildir/cur', '/Maildir/new', '/Maildir/tmp'])
      await root.folder(`/home/${added}${inside}`);
  }
  const lines = (line: (user: string, password: string) => string): string =>
    `${[...users].map(([user, password]) => `${user}\t${line(user, password)}\n`).join('')}.\n`;
  const places = lines(
    (user) => `uid=${root.uid}|gid=${root.gid}|home=/home/${user}|mail=/home/${user}/Maildir`,
  );
  const secrets = lines(
    (_, password) => `systempw={SHA256}${createHash('sha256').update(password).digest('base64')}`,
  );
  for (const [name, text] of [
    ['userdb', places],
    ['userdbshadow', secrets],
  ] as const) {
    const target = `/etc/courier/${name}`;
    await root.run(
      '/usr/lib/courier/courier-authlib/makedatprog',
      ['-', `${target}.tmp`, `${target}.dat`],
      text,
    );
  }
}
