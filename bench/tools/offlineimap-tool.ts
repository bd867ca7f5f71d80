import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MailboxAccess } from '../../test/support/imap-test-client.ts';
import { type BenchTool, PASSES } from './bench-tool.ts';
import { programVersion } from './program-version.ts';

export const offlineimapTool: BenchTool = {
  name: 'offlineimap',
  ours: false,
  passes: PASSES,
  configuration:
    'IMAP to IMAP, source read-only, full (not quick) runs, one connection to each side as by default',
  remedy: 'Install the Debian package offlineimap3.',
  version: () => programVersion('offlineimap', ['--version']),
  async prepare({ source, destination, stateFolder }) {
    const file = join(stateFolder, 'offlineimaprc');
    const config = [
      '[general]',
      'accounts = bench',
      `metadata = ${join(stateFolder, 'metadata')}`,
      '',
      '[Account bench]',
      'localrepository = destination',
      'remoterepository = source',
      '',
      ...repository('destination', destination),
      ...repository('source', source),
      'readonly = True',
      '',
    ];
    await writeFile(file, config.join('\n'), { mode: 0o600 });
    return { file: 'offlineimap', args: ['-o', '-u', 'quiet', '-c', file] };
  },
};

function repository(name: string, { host, port, user, password }: MailboxAccess): string[] {
  return [
    `[Repository ${name}]`,
    'type = IMAP',
    `remotehost = ${host}`,
    `remoteport = ${port}`,
    `remoteuser = ${user}`,
    `remotepass = ${password}`,
    'ssl = no',
    'starttls = no',
    'auth_mechanisms = LOGIN',
    '',
  ];
}
