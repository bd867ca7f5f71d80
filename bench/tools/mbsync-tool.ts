import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mbsyncConfig } from '../../test/support/mbsync.ts';
import { type BenchTool, PASSES } from './bench-tool.ts';
import { programVersion } from './program-version.ts';

export const mbsyncTool: BenchTool = {
  name: 'mbsync',
  ours: false,
  passes: PASSES,
  configuration:
    'far = source, near = destination, Sync Pull, Create Near, CopyArrivalDate yes, PipelineDepth as by default (no limit)',
  remedy: 'Install the Debian package isync.',
  version: () => programVersion('mbsync', ['--version']),
  async prepare({ source, destination, stateFolder }) {
    const file = join(stateFolder, 'mbsyncrc');
    await writeFile(file, mbsyncConfig(source, destination, stateFolder), { mode: 0o600 });
    return { file: 'mbsync', args: ['--quiet', '--config', file, '--all'] };
  },
};
