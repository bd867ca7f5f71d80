import type { OwnPhases, Sample } from '../../../bench/report/sample.ts';
import { summarize } from '../../../bench/report/summary.ts';
import type { Pass, ToolName } from '../../../bench/tools/bench-tool.ts';

const phases = (startSeconds: number): OwnPhases => ({
  startSeconds,
  mailSeconds: 1,
  endSeconds: 0,
  connections: 8,
  requests: { DynamoDB: { PutItem: 5 } },
  units: { read: 0, write: 10 },
});

function sample(
  tool: ToolName,
  wallSeconds: number,
  more: { round?: number; pass?: Pass; own?: OwnPhases; delayMs?: number } = {},
): Sample {
  const { round = 1, pass = 'first', own, delayMs = 0 } = more;
  const measured = { kind: 'measured', wallSeconds, cpuSeconds: 1, peakRssBytes: 5e7 } as const;
  const result = own === undefined ? measured : { ...measured, own };
  return { workload: 'office-300', delayMs, tool, pass, round, result };
}

const measuredOf = (row: ReturnType<typeof summarize>[number] | undefined) =>
  row?.outcome.kind === 'measured' ? row.outcome : undefined;

describe('the summary of a run', () => {
  test('tells the median, the range and how often a tool takes the time of mailhaul', () => {
    const rows = summarize([
      ...[3, 2, 10].map((seconds, round) => sample('mailhaul', seconds, { round, own: phases(1) })),
      ...[9, 30, 6].map((seconds, round) => sample('mbsync', seconds, { round })),
    ]);
    const mbsync = measuredOf(rows.find(({ tool }) => tool === 'mbsync'));
    expect(mbsync).toMatchObject({ seconds: 9, fastest: 6, slowest: 30, timesMailhaul: 3, rounds: 3 });
    expect(mbsync?.timesMailhaulStarted).toBeCloseTo(4.5);
  });

  test('compares within a pass and a network only', () => {
    const rows = summarize([
      sample('mailhaul', 2, { own: phases(1) }),
      sample('mbsync', 8, { delayMs: 25 }),
      sample('mbsync', 8, { pass: 'unchanged' }),
    ]);
    const ratios = rows.filter(({ tool }) => tool === 'mbsync').map((row) => measuredOf(row)?.timesMailhaul);
    expect(ratios).toEqual([undefined, undefined]);
  });

  test('takes the start of both processes off before it says what the transfer leaves of the time', () => {
    const rows = summarize([
      sample('mailhaul', 5, { own: phases(1) }),
      sample('transfer', 3.5, { own: phases(0.5) }),
    ]);
    expect(rows.find(({ tool }) => tool === 'mailhaul')?.own?.shareOutsideTransfer).toBeCloseTo(0.25);
  });

  test('a tool that gave up once has no median', () => {
    const tooSlow: Sample = {
      ...sample('offlineimap', 0, { round: 2 }),
      result: { kind: 'too-slow', limitSeconds: 300 },
    };
    const [row] = summarize([sample('offlineimap', 290), tooSlow]);
    expect(row?.outcome).toEqual({ kind: 'too-slow', limitSeconds: 300 });
  });

  test('a tool that is not installed is in the table all the same', () => {
    const absent: Sample = {
      ...sample('imapsync', 0),
      result: { kind: 'not-installed', remedy: 'Set IMAPSYNC.' },
    };
    expect(summarize([absent])).toHaveLength(1);
  });
});
