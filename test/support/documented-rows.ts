import { readFile } from 'node:fs/promises';

/** A row of a table in docs/deploy.md: the names in its first cell, and the other cells. */
export interface DocumentedRow {
  readonly names: readonly string[];
  readonly cells: readonly string[];
}

/** The first table under a heading of docs/deploy.md. */
export async function documentedRows(heading: string): Promise<readonly DocumentedRow[]> {
  const text = await readFile('docs/deploy.md', 'utf8');
  const [, section] = text.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`docs/deploy.md has no heading "${heading}".`);
  const lines = section.split('\n');
  const start = lines.findIndex((line) => line.startsWith('| -') || line.startsWith('|-'));
  const rows = lines.slice(start + 1);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end).map((line) => {
    const [names = '', ...cells] = line.split(/(?<!\\)\|/).slice(1, -1);
    return { names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name), cells };
  });
}
