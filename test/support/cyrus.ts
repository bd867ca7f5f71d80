import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cyrusServices, cyrusSettings, type CyrusOptions } from './cyrus-config.ts';
import { launchMailServer } from './launch-mail-server.ts';
import type { MailServer } from './mail-server.ts';
import { collectWords } from './real-servers/collect-words.ts';
import { listenForLog } from './real-servers/listen-for-log.ts';
import { makeServerRoot } from './real-servers/server-root.ts';
import { CYRUS } from './real-servers/server-tree.ts';
import { testCertificate } from './test-certificate.ts';

const PASSWORDS = '/var/lib/cyrus/sasldb2';
const FOLDERS = [
  ...['', '/db', '/log', '/msg', '/proc', '/quota', '/socket', '/user'].map(
    (name) => `/var/lib/cyrus${name}`,
  ),
  '/var/spool/cyrus',
  '/var/spool/cyrus/mail',
  '/run/cyrus',
  '/usr/share/zoneinfo',
];

/**
 * Starts a private Cyrus on free ports of 127.0.0.1. A user's INBOX is made at the first sign-in. The user `cyrus` is
 * its administrator, who may sign in for others by SASL PLAIN. Ready when it returns.
 *
 * @throws MailServerStartError with the server's own words
 */
export async function startCyrus(options: CyrusOptions = {}): Promise<MailServer> {
  const { ca, certificate, key } = await testCertificate();
  const folder = await mkdtemp(join(tmpdir(), 'mailhaul-cyrus-'));
  await chmod(folder, 0o755);
  const file = (name: string): string => join(folder, name);
  const [root] = await Promise.all([
    makeServerRoot(CYRUS, file('root')),
    writeFile(file('ca.pem'), ca),
    writeFile(file('cyrus.log'), ''),
  ]);
  for (const inside of FOLDERS) await root.folder(inside);
  await root.write('/etc/passwd', `cyrus:x:${root.uid}:${root.gid}::/var/lib/cyrus:/bin/sh\n`);
  await root.write('/etc/group', `mail:x:${root.gid}:\n`);
  await root.write('/etc/server.pem', certificate);
  await root.write('/etc/server.key', key);
  await root.write('/etc/imapd.conf', cyrusSettings(options));
  // The library of calendars, which is loaded with everything, does not start without a time zone.
  await root.write('/usr/share/zoneinfo/zone.tab', 'GB\t+513030-0000731\tEurope/London\n');
  const log = await listenForLog(root.path('/dev/log'), file('cyrus.log'));

  const users = new Map<string, string>();
  const addUser = async (user: string, password: string): Promise<void> => {
    users.set(user, password);
    const [local = '', realm = 'localhost'] = user.split('@');
    const about = ['-p', '-c', '-u', realm, '-f', PASSWORDS, local];
    await root.run('/usr/sbin/saslpasswd2', about, password);
  };
  for (const [user, password] of Object.entries(options.users ?? {})) await addUser(user, password);
  const server = await launchMailServer({
    name: 'Cyrus',
    folder,
    logFile: file('cyrus.log'),
    async start(port, tlsPort) {
      await root.write('/etc/cyrus.conf', cyrusServices(port, tlsPort));
      const files = ['-C', '/etc/imapd.conf', '-M', '/etc/cyrus.conf', '-p', '/run/cyrus/master.pid'];
      const master = root.spawn('/usr/lib/cyrus/bin/master', ['-D', ...files]);
      collectWords(master, file('cyrus.log'));
      return [master];
    },
  }).catch(async (error: unknown) => {
    await log.close();
    throw error;
  });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= server.stop().then(() => log.close());
    return stopping;
  };
  return {
    host: '127.0.0.1',
    port: server.port,
    tlsPort: server.tlsPort,
    caFile: file('ca.pem'),
    ca,
    logFile: file('cyrus.log'),
    access: (user) => ({ host: '127.0.0.1', port: server.port, user, password: users.get(user) ?? '' }),
    addUser,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
