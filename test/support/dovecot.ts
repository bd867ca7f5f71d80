import { execFile, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
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
import { endOfProcess } from './end-of-process.ts';
import { endProcessGroup } from './end-process-group.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';
import type { MailboxAccess } from './imap-test-client.ts';
import { watchProcessGroup } from './process-watchdog.ts';
import { systemEnvironment } from './system-environment.ts';
import { testCertificate } from './test-certificate.ts';

export type { DovecotOptions } from './dovecot-config.ts';

const run = promisify(execFile);
const NOBODY = 65_534;
const START_ATTEMPTS = 5;

/** A private Dovecot on 127.0.0.1; stop it in `afterAll`, or use it by `withResource`. */
export interface Dovecot extends AsyncDisposable {
  readonly host: '127.0.0.1';
  /** Plain IMAP, with STARTTLS unless `tls: false`. */
  readonly port: number;
  /** IMAP over TLS. */
  readonly tlsPort: number;
  /** PEM file of the authority that signed the server's certificate (for `--ca`). */
  readonly caFile: string;
  /** The same as text. */
  readonly ca: string;
  readonly logFile: string;
  readonly configFile: string;
  /** How the tests' own client reaches a user's mailbox. */
  access(user: string): MailboxAccess;
  /** Adds a user, or gives a known one another password. */
  addUser(user: string, password: string): Promise<void>;
  /** Runs `doveadm` against this instance and returns what it prints. */
  doveadm(...args: string[]): Promise<string>;
  /** Closes every connection of a user at once, as a restart of the server would. */
  kick(user: string): Promise<void>;
  /** Ends the server and all of its processes and removes its mail. Harmless when called again. */
  stop(): Promise<void>;
}

/** The server did not start; the message holds the end of its log. */
class DovecotStartError extends Error {
  override readonly name = 'DovecotStartError';
}

/**
 * Starts a private Dovecot in a temporary folder, on free ports of 127.0.0.1, as root or as any user.
 * Ready when it returns. Its processes end with `stop()`, and also when the test process is killed.
 *
 * @throws DovecotStartError with the server's own words
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

interface RunningServer {
  port: number;
  tlsPort: number;
  stop(): Promise<void>;
}

/** Free ports may be taken by another process before Dovecot binds them: then tries others. */
async function launch(folder: string, root: boolean, options: DovecotOptions): Promise<RunningServer> {
  const configFile = join(folder, 'dovecot.conf');
  const logFile = join(folder, 'dovecot.log');
  const unprivilegedUser = root ? undefined : { name: userInfo().username, group: await groupName() };
  for (let attempt = 1; ; attempt += 1) {
    const [port = 0, tlsPort = 0] = await freePorts(2);
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
    let words = '';
    master.stderr.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
    const watchdog = watchProcessGroup(master, folder);
    const ended = endOfProcess(master);
    const ready = eventually('Dovecot greets', () => greets(port), { everyMs: 5 });
    const outcome = await Promise.race([
      ready.then(() => 'ready' as const),
      ended.then((error) => error ?? ('ended' as const)),
    ]).catch((error: unknown) => error);
    // killed, not asked: Dovecot waits for its clients when it shuts down, and its mail is thrown away anyway
    const stop = async (): Promise<void> => {
      await endProcessGroup(master);
      await watchdog.removeFolder();
    };
    if (outcome === 'ready') return { port, tlsPort, stop };

    ready.catch(() => undefined);
    const log = `${words}${await readFile(logFile, 'utf8').catch(() => '')}`;
    if (log.includes('Address already in use') && attempt < START_ATTEMPTS) {
      await endProcessGroup(master);
      watchdog.keepFolder();
      await writeFile(logFile, '');
      continue;
    }
    await stop();
    throw new DovecotStartError(`Dovecot did not start: ${log.slice(-2000) || String(outcome)}`, {
      cause: outcome,
    });
  }
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(2_000, () => socket.destroy());
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('data', (data) => {
      resolve(data.toString('latin1').startsWith('* OK'));
      socket.destroy();
    });
  });
}

async function groupName(): Promise<string> {
  return (await run('id', ['-gn'])).stdout.trim();
}
