/** The process of the bare transfer: `node transfer-process.ts TASK.json`. */
import { readFile } from 'node:fs/promises';
import { copyBarely } from './copy-barely.ts';
import { transferTask } from './transfer-task.ts';

const task = transferTask.parse(JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')));
const copied = await copyBarely(task);
process.stdout.write(`${copied}\n`);
