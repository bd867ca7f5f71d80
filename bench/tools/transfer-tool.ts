import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { other } from '../../shared/imap/providers/profiles/other.ts';
import type { BenchTool } from './bench-tool.ts';
import { ownCommand } from './own-command.ts';
import type { TransferTask } from './transfer-task.ts';

const PROGRAM = fileURLToPath(new URL('transfer-process.ts', import.meta.url));

/** The physical limit of our pipeline: its transfer without ledger, queues, leases and checks. */
export const transferTool: BenchTool = {
  name: 'transfer',
  ours: true,
  passes: ['first'],
  configuration: 'shared/imap/transfer alone in one process, as many lanes as mailhaul uses',
  remedy: '',
  version: () => Promise.resolve('this source'),
  async prepare(task) {
    const file = join(task.stateFolder, 'task.json');
    const { source, destination, folders } = task;
    const lanes = task.lanes ?? other.connections;
    await writeFile(file, JSON.stringify({ source, destination, folders, lanes } satisfies TransferTask));
    return ownCommand(task, PROGRAM, [file]);
  },
};
