/** `npm run plan:docs`: the tables of docs/scale.md as the command prints them now; a test compares. */
import { readFile, writeFile } from 'node:fs/promises';
import { fillPlanTables } from './fill-plan-tables.ts';

const file = new URL('../../docs/scale.md', import.meta.url);
await writeFile(file, fillPlanTables(await readFile(file, 'utf8')));
