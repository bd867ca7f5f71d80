import { execFile, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, utimes, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  dovecotConfig,
  passwdLine,
  tokenConfig,
  type DovecotOptions,
  type DovecotPlace,
} from './dovecot-config.ts';
import { eventually } from './eventually.ts';
import { launchMailServer, type RunningMailServer } from './launch-mail-server.ts';
import type { MailServer } from './mail-server.ts';
import { systemEnvironment } from './system-environment.ts';
import { testCertificate } from './test-certificate.ts';

export type { DovecotOptions } from './dovecot-config.ts';

const run = promisify(execFile);
const NOBODY = 65_534;

/** A private Dovecot on 127.0.0.1; stop it in `afterAll`, or use it by `withResource`. */
export interface Dovecot extends MailServer {
  readonly configFile: string;
  /** Runs `doveadm` against this instance and returns what it prints. */
  doveadm(...args: string[]): Promise<string>;
  /** Closes every connection of a user at once, as a restart of the server would. */
  kick(user: string): Promise<void>;
}

/**
 * Starts a private Dovecot in a temporary folder, on free ports of 127.0.0.1, as root or as any user.
 * Ready when it returns. Its processes end with `stop()`, and also when the test process is killed.
 *
 * @throws MailServerStartError with the server's own words
 */
export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  const { ca, certificate, key } = await testCertificate(options.certificateNames);
  const root = process.getuid?.() === 0;
  const folder = await mkdtemp(join(tmpdir(), 'mailhaul-dovecot-'));
  const file = (name: string): string => join(folder, name);
  await chmod(folder, 0o755);
  await mkdir(file('mail'));
  if (root) await chown(file('mail'), NOBODY, NOBODY);
  const users = new Map(Object.entries(options.users ?? {}));
  const usersText = (): string => [...users].map(([user, password]) => passwdLine(user, password)).join('');
  await Promise.all([
    writeFile(file('ca.pem'), ca),
    writeFile(file('server.pem'), certificate),
    writeFile(file('server.key'), key),
    writeFile(file('users'), usersText()),
    writeFile(file('dovecot.log'), ''),
    options.oauth === undefined ? undefined : writeFile(file('oauth2.conf'), tokenConfig(options.oauth)),
    options.masterUser === undefined
      ? undefined
      : writeFile(file('masters'), passwdLine(options.masterUser.user, options.masterUser.password)),
  ]);
  const server = await launch(folder, root, options);

  let usersFileSeconds = 1_000_000_000;
  let stopping: Promise<void> | undefined;
  const doveadm = async (...args: string[]): Promise<string> =>
    (
      await run('doveadm', ['-c', file('dovecot.conf'), ...args], {
        maxBuffer: 64 * 1024 * 1024,
        env: systemEnvironment(),
      })
    ).stdout;
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
    logFile: file('dovecot.log'),
    configFile: file('dovecot.conf'),
    access: (user) => ({ host: '127.0.0.1', port: server.port, user, password: users.get(user) ?? '' }),
    async addUser(user, password) {
      if (users.get(user) === password) return;
      users.set(user, password);
      await writeFile(file('users'), usersText());
      // Dovecot reads the file again when its time differs by whole seconds, and looks once a second
      usersFileSeconds += 1;
      await utimes(file('users'), usersFileSeconds, usersFileSeconds);
      await eventually(`${user} may log in`, () => doveadm('auth', 'test', user, password), { everyMs: 50 });
    },
    doveadm,
    async kick(user) {
      await doveadm('kick', user);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function launch(folder: string, root: boolean, options: DovecotOptions): Promise<RunningMailServer> {
  const configFile = join(folder, 'dovecot.conf');
  const unprivilegedUser = root ? undefined : { name: userInfo().username, group: await groupName() };
  return launchMailServer({
    name: 'Dovecot',
    folder,
    logFile: join(folder, 'dovecot.log'),
    async start(port, tlsPort) {
      const place: DovecotPlace = {
        folder,
        port,
        tlsPort,
        unprivilegedUser,
        mailUid: root ? NOBODY : userInfo().uid,
        mailGid: root ? NOBODY : userInfo().gid,
      };
      await writeFile(configFile, dovecotConfig(place, options));
      const master = spawn('dovecot', ['-F', '-c', configFile], {
        detached: true, // a process group of its own, so that all of it can be ended
        stdio: ['ignore', 'ignore', 'pipe'],
        env: systemEnvironment(),
      });
      return [master];
    },
  });
}

async function groupName(): Promise<string> {
  return (await run('id', ['-gn'])).stdout.trim();
}
