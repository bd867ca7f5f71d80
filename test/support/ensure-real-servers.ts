import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildServerTree, hasServerTree } from './real-servers/build-server-tree.ts';
import { enterRoot } from './real-servers/enter-root.ts';
import { COURIER, CYRUS, serverTree, treesFolder, type ServerRecipe } from './real-servers/server-tree.ts';
import { systemEnvironment } from './system-environment.ts';

/**
 * Runs before the tests (`npm test`): the suites work against real servers, and none of them is skipped for want of one.
 * Installs what is missing on Debian as root, and unpacks what Debian does not let be installed beside Dovecot; otherwise
 * says what to do and ends with exit code 1.
 */
interface Requirement {
  readonly debianPackage: string;
  /** Programs on the PATH, all of them needed. */
  readonly programs: readonly string[];
  /** Where the package puts a program outside the PATH; one of these is needed. */
  readonly files?: readonly string[];
}

const REQUIREMENTS: readonly Requirement[] = [
  {
    debianPackage: 'dovecot-imapd',
    programs: ['dovecot', 'doveadm'],
    files: ['/usr/lib/dovecot/imap', '/usr/libexec/dovecot/imap', '/usr/local/libexec/dovecot/imap'],
  },
  { debianPackage: 'isync', programs: ['mbsync'] },
  { debianPackage: 'openssl', programs: ['openssl'] },
];

const environment = systemEnvironment();

function isProgram(name: string): boolean {
  return (environment.PATH ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

function missingPackages(): string[] {
  return REQUIREMENTS.filter(
    ({ programs, files }) => !programs.every(isProgram) || (files !== undefined && !files.some(existsSync)),
  ).map(({ debianPackage }) => debianPackage);
}

/** Runs apt-get; what it prints is shown only when it fails. */
function aptGet(...args: string[]): boolean {
  // RUNLEVEL=1 keeps the package from starting a server of its own
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status, stdout, stderr } = spawnSync('apt-get', args, {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) console.error(`${stdout}${stderr}`);
  return status === 0;
}

function stop(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

let missing = missingPackages();
if (missing.length > 0 && process.getuid?.() === 0 && isProgram('apt-get')) {
  console.error(`Installing ${missing.join(', ')}, which the tests need …`);
  if (aptGet('-q', 'update')) aptGet('-qy', 'install', '--no-install-recommends', ...missing);
  missing = missingPackages();
}
if (missing.length > 0) {
  stop(
    `The tests run against real mail servers and tools: install ${missing.join(', ')} (Debian: apt-get install ${missing.join(' ')}) and run them again.`,
  );
}
const version = spawnSync('dovecot', ['--version'], { env: environment, encoding: 'utf8' }).stdout.trim();
if (!version.startsWith('2.3.')) {
  stop(
    `The tests need Dovecot 2.3 (Debian 12, Ubuntu 22.04 or 24.04), and this is Dovecot ${version}: its configuration differs.`,
  );
}

/** Of a fresh machine the lists of packages may be missing, or older than the packages. */
function unpack(recipe: ServerRecipe): void {
  try {
    buildServerTree(recipe);
  } catch (error) {
    if (process.getuid?.() !== 0 || !aptGet('-q', 'update')) throw error;
    buildServerTree(recipe);
  }
}

for (const recipe of [COURIER, CYRUS]) {
  if (hasServerTree(recipe)) continue;
  console.error(`Unpacking ${recipe.packages.join(', ')}, which the tests need, into ${treesFolder()} …`);
  try {
    unpack(recipe);
  } catch (error) {
    stop(
      `${error instanceof Error ? error.message : String(error)}\nThe tests run against Courier and Cyrus, too. Their packages (Debian 12, Ubuntu 22.04 or 24.04) are fetched with apt-get and unpacked into ${treesFolder()}: run apt-get update as root, and the tests again.`,
    );
  }
}
const [command, args] = enterRoot(serverTree(CYRUS), '/usr/sbin/saslpasswd2', ['-v']);
const trial = spawnSync(command, args, { env: environment, encoding: 'utf8' });
if (trial.error !== undefined || /unshare|chroot/.test(trial.stderr)) {
  stop(
    `${trial.error?.message ?? trial.stderr}\nThe tests start Courier and Cyrus in a folder of their own, by ${command} from util-linux or coreutils: allow user namespaces on this machine, or run the tests as root.`,
  );
}
