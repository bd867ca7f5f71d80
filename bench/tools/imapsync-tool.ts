import { join } from 'node:path';
import type { MailboxAccess } from '../../test/support/imap-test-client.ts';
import { type BenchTool, PASSES } from './bench-tool.ts';
import { programVersion } from './program-version.ts';

/** @param program the script, as the environment variable IMAPSYNC names it; Debian has no package */
export function imapsyncTool(program: string | undefined): BenchTool {
  return {
    name: 'imapsync',
    ours: false,
    passes: PASSES,
    configuration: 'without TLS, log file, release check and folder sizes; everything else as by default',
    remedy: 'Set IMAPSYNC to the imapsync script; its Perl modules are Debian packages.',
    version: () =>
      program === undefined
        ? Promise.resolve(undefined)
        : programVersion('perl', [program, '--noreleasecheck', '--version']),
    prepare({ source, destination, stateFolder }) {
      const args = [
        program ?? '',
        ...side(1, source),
        ...side(2, destination),
        '--nolog',
        '--noreleasecheck',
        '--nomodulesversion',
        '--nofoldersizes',
        '--nofoldersizesatend',
        '--noid',
        `--tmpdir=${stateFolder}`,
        `--pidfile=${join(stateFolder, 'imapsync.pid')}`,
      ];
      return Promise.resolve({ file: 'perl', args });
    },
  };
}

function side(number: 1 | 2, { host, port, user, password }: MailboxAccess): string[] {
  const option = (name: string, value: string | number): string => `--${name}${number}=${value}`;
  return [
    option('host', host),
    option('port', port),
    option('user', user),
    option('password', password),
    `--nossl${number}`,
    `--notls${number}`,
  ];
}
