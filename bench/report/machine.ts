import { statfs } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { programVersion } from '../tools/program-version.ts';

/** What the numbers depend on; nothing that names the machine. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  /** Where the mail and the tools' state lie. */
  readonly storage: 'memory' | 'disk';
  readonly node: string;
  readonly dovecot: string;
}

/** The magic number of tmpfs in statfs(2). */
const TMPFS = 0x01021994;

/** @param scratch where servers and tools keep their files */
export async function describeMachine(scratch: string): Promise<Machine> {
  const [{ type: fileSystem }, dovecot] = await Promise.all([
    statfs(scratch),
    programVersion('dovecot', ['--version']),
  ]);
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    kernel: `${type()} ${/^\d+(\.\d+)*/.exec(release())?.[0] ?? ''}`,
    storage: fileSystem === TMPFS ? 'memory' : 'disk',
    node: process.versions.node,
    dovecot: dovecot ?? 'not installed',
  };
}
