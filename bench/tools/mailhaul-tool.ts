import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchTool, PASSES } from './bench-tool.ts';
import { ownCommand } from './own-command.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/mailhaul.js', import.meta.url));

/** The whole pipeline as a user starts it: API, queues, tables, functions and all. */
export const mailhaulTool: BenchTool = {
  name: 'mailhaul',
  ours: true,
  passes: PASSES,
  configuration: 'mailhaul migrate --once, a new process for each pass, lanes as by default',
  remedy: '',
  version: () => Promise.resolve('this source'),
  prepare(task) {
    const { source, destination } = task;
    const args = [
      'migrate',
      `--source=imap://${source.host}:${source.port}`,
      `--destination=imap://${destination.host}:${destination.port}`,
      '--insecure',
      `--source-user=${source.user}`,
      `--destination-user=${destination.user}`,
      `--state=${join(task.stateFolder, 'mailhaul')}`,
      '--once',
      '--json',
      ...(task.lanes === undefined ? [] : [`--lanes=${task.lanes}`]),
    ];
    return ownCommand(task, PROGRAM, args, {
      MAILHAUL_LOG_LEVEL: 'WARN',
      MAILHAUL_SOURCE_PASSWORD: source.password,
      MAILHAUL_DESTINATION_PASSWORD: destination.password,
    });
  },
};
