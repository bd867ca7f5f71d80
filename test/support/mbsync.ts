import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MailboxAccess } from './imap-test-client.ts';
import { systemEnvironment } from './system-environment.ts';

const run = promisify(execFile);

/**
 * Copies all folders of a mailbox with mbsync (Debian package isync), another migration tool: it leaves a header
 * field of its own (X-TUID) in each message.
 */
export async function copyWithMbsync(source: MailboxAccess, destination: MailboxAccess): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mailhaul-mbsync-'));
  try {
    await writeFile(join(folder, 'mbsyncrc'), mbsyncConfig(source, destination, folder), { mode: 0o600 });
    await run('mbsync', ['--quiet', '--config', join(folder, 'mbsyncrc'), '--all'], {
      env: systemEnvironment(),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The text of an mbsyncrc: everything from the source to the destination, dates kept, nothing back, no TLS. */
export function mbsyncConfig(source: MailboxAccess, destination: MailboxAccess, stateFolder: string): string {
  return [
    ...store('source', source),
    ...store('destination', destination),
    'Channel all',
    'Far :source:',
    'Near :destination:',
    'Patterns *',
    'Create Near',
    'Sync Pull',
    'CopyArrivalDate yes',
    `SyncState ${stateFolder}/`,
    '',
  ].join('\n');
}

function store(name: string, { host, port, user, password }: MailboxAccess): string[] {
  return [
    `IMAPAccount ${name}`,
    `Host ${host}`,
    `Port ${port}`,
    `User "${user}"`,
    `Pass "${password}"`,
    'SSLType None',
    'AuthMechs LOGIN',
    '',
    `IMAPStore ${name}`,
    `Account ${name}`,
    '',
  ];
}
