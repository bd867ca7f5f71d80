import type { Pass } from '../tools/bench-tool.ts';
import { type Column, markdownTable } from '../../cli/text/markdown-table.ts';
import type { Verification } from './sample.ts';
import type { SummaryRow } from './summary.ts';

export interface CaseHeading {
  readonly workload: string;
  readonly description: string;
  readonly delayMs: number;
  readonly messages: number;
  readonly newMessages: number;
  readonly bytes: number;
}

const PASS_NAMES: Readonly<Record<Pass, string>> = {
  first: 'first pass',
  unchanged: 'nothing new',
  'new-mail': '1 % new mail',
};
const COLUMNS: readonly Column[] = [
  { heading: 'pass', align: 'left' },
  { heading: 'tool', align: 'left' },
  { heading: 'seconds', align: 'right' },
  { heading: 'range', align: 'right' },
  { heading: 'first message', align: 'right' },
  { heading: '× mailhaul', align: 'right' },
  { heading: '× started', align: 'right' },
  { heading: 'messages/s', align: 'right' },
  { heading: 'CPU s', align: 'right' },
  { heading: 'peak MB', align: 'right' },
  { heading: 'copy', align: 'left' },
];
const OWN_COLUMNS: readonly Column[] = [
  { heading: 'pass', align: 'left' },
  { heading: 'tool', align: 'left' },
  { heading: 'start s', align: 'right' },
  { heading: 'mail s', align: 'right' },
  { heading: 'end s', align: 'right' },
  { heading: 'connections', align: 'right' },
  { heading: 'outside transfer', align: 'right' },
  { heading: 'AWS requests', align: 'left' },
  { heading: 'per 1,000 messages', align: 'right' },
  { heading: '$ per 1,000 messages', align: 'right' },
];

/** Everything about one workload over one network, as Markdown. */
export function caseTables(
  heading: CaseHeading,
  rows: readonly SummaryRow[],
  verifications: readonly Verification[],
): string {
  const { description, delayMs, messages, bytes, workload } = heading;
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    `### ${workload}, ${delayMs} ms each way`,
    '',
    `${description} (${messages.toLocaleString('en')} messages, ${size}).`,
    '',
    markdownTable(
      COLUMNS,
      rows.map((row) => toolCells(row, heading, verifications)),
    ),
    '',
    markdownTable(
      OWN_COLUMNS,
      rows.flatMap((row) => ownCells(row, heading)),
    ),
    '',
    ...rows.filter(({ pass, tool }) => pass === 'first' && tool === 'mailhaul').flatMap(operationLines),
  ].join('\n');
}

function toolCells(
  { pass, tool, outcome }: SummaryRow,
  heading: CaseHeading,
  verifications: readonly Verification[],
): string[] {
  const start = [PASS_NAMES[pass], tool];
  switch (outcome.kind) {
    case 'measured': {
      const { seconds, fastest, slowest, firstMessageSeconds, timesMailhaul, timesMailhaulStarted } = outcome;
      const copied = messagesOf(pass, heading);
      return [
        ...start,
        seconds.toFixed(2),
        `${fastest.toFixed(2)}–${slowest.toFixed(2)}`,
        firstMessageSeconds?.toFixed(2) ?? '',
        timesMailhaul?.toFixed(2) ?? '',
        timesMailhaulStarted?.toFixed(2) ?? '',
        pass === 'unchanged' ? '' : (copied / seconds).toFixed(copied / seconds < 10 ? 1 : 0),
        outcome.cpuSeconds.toFixed(2),
        outcome.peakRssMb.toFixed(0),
        pass === 'first' ? copyCell(tool, verifications) : '',
      ];
    }
    case 'too-slow':
      return [...start, `> ${outcome.limitSeconds}`, '', '', '', '', '', '', '', 'given up'];
    case 'failed':
      return [...start, '', '', '', '', '', '', '', '', `failed: ${outcome.how}`];
    case 'not-installed':
      return [...start, '', '', '', '', '', '', '', '', 'not installed'];
  }
}

function messagesOf(pass: Pass, { messages, newMessages }: CaseHeading): number {
  return pass === 'first' ? messages : pass === 'new-mail' ? newMessages : 0;
}

/** What the comparison after the last pass said, the worst of all rounds. */
function copyCell(tool: string, verifications: readonly Verification[]): string {
  const mine = verifications.filter((each) => each.tool === tool);
  if (mine.length === 0) return 'not compared';
  return mine.find(({ verdict }) => !verdict.equal)?.verdict.summary ?? 'equal';
}

function ownCells({ pass, tool, own }: SummaryRow, heading: CaseHeading): string[][] {
  if (own === undefined) return [];
  const copied = messagesOf(pass, heading);
  const per1000 = (value: number, digits: number): string =>
    copied === 0 || tool !== 'mailhaul' ? '' : ((value * 1000) / copied).toFixed(digits);
  const services = Object.entries(own.requestsByService).map(([service, count]) => `${count} ${service}`);
  const { shareOutsideTransfer: share } = own;
  return [
    [
      PASS_NAMES[pass],
      tool,
      own.startSeconds.toFixed(2),
      own.mailSeconds.toFixed(2),
      own.endSeconds.toFixed(2),
      String(own.connections),
      share === undefined ? '' : `${(share * 100).toFixed(0)} %`,
      services.join(', '),
      per1000(own.requests, 1),
      per1000(own.dollars, 6),
    ],
  ];
}

/** Which requests the first pass consists of, the frequent ones first. */
function operationLines({ own }: SummaryRow): string[] {
  if (own === undefined) return [];
  const services = Object.entries(own.operations).map(([service, operations]) => {
    const counts = Object.entries(operations).toSorted(([, a], [, b]) => b - a);
    return `${service} ${counts.map(([operation, count]) => `${operation} ${count}`).join(', ')}`;
  });
  const { read, write } = own.units;
  return [
    `Requests of the first pass, set-up included: ${services.join('; ')}; ${read} read units, ${write} write units.`,
    '',
  ];
}
