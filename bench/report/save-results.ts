import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const RESULTS = fileURLToPath(new URL('../results/', import.meta.url));

/** Keeps the results as JSON and Markdown under the time at which the run began; answers their common name. */
export async function saveResults(
  startedAt: Date,
  results: { readonly json: unknown; readonly markdown: string },
): Promise<string> {
  const name = startedAt.toISOString().slice(0, 16).replace('T', '-').replace(':', '');
  await mkdir(RESULTS, { recursive: true });
  await writeFile(`${RESULTS}${name}.json`, `${JSON.stringify(results.json, keep, 1)}\n`);
  await writeFile(`${RESULTS}${name}.md`, results.markdown);
  return `bench/results/${name}`;
}

/** What tools printed may name the machine's folders, and single messages interest nobody later. */
const LEFT_OUT = new Set(['words', 'report']);
const SIGNIFICANT_DIGITS = 5;

function keep(key: string, value: unknown): unknown {
  if (LEFT_OUT.has(key)) return undefined;
  if (typeof value !== 'number' || Number.isInteger(value)) return value;
  return Number(value.toPrecision(SIGNIFICANT_DIGITS));
}
