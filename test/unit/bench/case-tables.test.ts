import { caseTables } from '../../../bench/report/case-tables.ts';
import { markdownTable } from '../../../cli/text/markdown-table.ts';
import type { SummaryRow } from '../../../bench/report/summary.ts';

const heading = {
  workload: 'office-300',
  description: '300 realistic messages in 12 folders',
  delayMs: 25,
  messages: 300,
  newMessages: 3,
  bytes: 6_400_000,
};
const key = { workload: 'office-300', delayMs: 25, pass: 'first' } as const;
const measured: SummaryRow = {
  ...key,
  tool: 'mbsync',
  outcome: {
    kind: 'measured',
    seconds: 3,
    fastest: 2.5,
    slowest: 4,
    firstMessageSeconds: 1.25,
    timesMailhaul: 2,
    cpuSeconds: 0.1,
    peakRssMb: 7,
    rounds: 3,
  },
};
const altered = { equal: false, messages: 300, summary: '300 altered', report: '' };
const equal = { equal: true, messages: 300, summary: 'equal', report: '' };
const cells = (text: string, tool: string): string[] =>
  (text.split('\n').find((line) => line.includes(`| ${tool}`)) ?? '').split('|').map((cell) => cell.trim());

describe('the tables of a case', () => {
  test('show time, range, first message, ratio and rate', () => {
    expect(cells(caseTables(heading, [measured], []), 'mbsync')).toEqual(
      expect.arrayContaining(['3.00', '2.50–4.00', '1.25', '2.00', '100', '7']),
    );
  });

  test('show the worst that the comparisons of all rounds said', () => {
    const of = (round: number, verdict: typeof equal) =>
      ({ ...key, tool: 'mbsync', round, verdict }) as const;
    const text = caseTables(heading, [measured], [of(1, equal), of(2, altered)]);
    expect(cells(text, 'mbsync')).toContain('300 altered');
  });

  test('name the tools that gave up, failed or are not installed', () => {
    const rows: SummaryRow[] = [
      { ...key, tool: 'offlineimap', outcome: { kind: 'too-slow', limitSeconds: 300 } },
      { ...key, tool: 'mbsync', outcome: { kind: 'failed', how: 'exit 1', words: '' } },
      { ...key, tool: 'imapsync', outcome: { kind: 'not-installed', remedy: '' } },
    ];
    const text = caseTables(heading, rows, []);
    for (const { tool } of rows) expect(cells(text, tool)).toHaveLength(cells(text, 'tool').length);
    expect(cells(text, 'offlineimap')).toEqual(expect.arrayContaining(['> 300', 'given up']));
    expect(cells(text, 'mbsync')).toContain('failed: exit 1');
    expect(cells(text, 'imapsync')).toContain('not installed');
  });
});

describe('a table of Markdown', () => {
  test('has columns as wide as their widest cell, on the side that was asked for', () => {
    const columns = [
      { heading: 'tool', align: 'left' },
      { heading: 's', align: 'right' },
    ] as const;
    expect(markdownTable(columns, [['mbsync', '1.25']])).toBe(
      ['| tool   |    s |', '| ------ | ---: |', '| mbsync | 1.25 |'].join('\n'),
    );
  });
});
