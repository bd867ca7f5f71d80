import { readFileSync } from 'node:fs';
import { arch, homedir } from 'node:os';
import { join } from 'node:path';

/**
 * What of a mail server's Debian packages the tests need. Debian lets only one IMAP server be installed at a time, so
 * these are unpacked beside the system, with all libraries that they use (see `buildServerTree`).
 */
export interface ServerRecipe {
  readonly name: string;
  readonly packages: readonly string[];
  readonly programs: readonly string[];
  /** Folders of libraries that programs load while they run. `{triplet}` is the multiarch name. */
  readonly plugins: readonly string[];
  /** Folders of the system that are taken along as they are. */
  readonly systemFolders: readonly string[];
}

/** Changes when what is taken from the packages changes: an older tree is then built anew. */
const EDITION = 1;

export const COURIER: ServerRecipe = {
  name: 'courier',
  // gamin tells its processes of one another's changes; without it each sign-in waits for a second
  packages: [
    'courier-imap',
    'courier-base',
    'courier-authlib',
    'courier-authdaemon',
    'courier-authlib-userdb',
    'gamin',
  ],
  programs: [
    '/usr/lib/courier/courier/imaplogin',
    '/usr/bin/imapd',
    '/usr/bin/couriertls',
    '/usr/sbin/couriertcpd',
    '/usr/lib/courier/courier-authlib/authdaemond',
    '/usr/lib/courier/courier-authlib/makedatprog',
    '/usr/libexec/gam_server',
  ],
  plugins: ['/usr/lib/courier-authlib'],
  // the conversions of the C library, without which it knows no folder names beyond the first 65,536 characters
  systemFolders: ['/usr/lib/{triplet}/gconv'],
};

export const CYRUS: ServerRecipe = {
  name: 'cyrus',
  packages: ['cyrus-imapd', 'cyrus-common', 'sasl2-bin', 'libsasl2-modules', 'libsasl2-modules-db'],
  programs: [
    '/usr/lib/cyrus/bin/master',
    '/usr/lib/cyrus/bin/imapd',
    '/usr/lib/cyrus/bin/ctl_cyrusdb',
    '/usr/sbin/saslpasswd2',
  ],
  plugins: ['/usr/lib/{triplet}/sasl2'],
  systemFolders: [],
};

/** Where the unpacked server lies: for this release of the system, used by every run of the tests. */
export function serverTree({ name }: ServerRecipe): string {
  return join(treesFolder(), `${name}-${release()}-${arch()}-${EDITION}`);
}

/** Nobody else may write there: what lies in it is run, in CI as root. */
export function treesFolder(): string {
  if (process.getuid?.() === 0) return '/var/cache/mailhaul-tests';
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mailhaul-tests');
}

function release(): string {
  const facts = readFileSync('/etc/os-release', 'utf8');
  const fact = (key: string): string => new RegExp(`^${key}="?([\\w.-]+)`, 'm').exec(facts)?.[1] ?? 'unknown';
  return `${fact('ID')}-${fact('VERSION_ID')}`;
}
