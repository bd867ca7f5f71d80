import { PASSES, type Pass, TOOL_NAMES, type ToolName } from '../tools/bench-tool.ts';
import { median } from './median.ts';
import { countRequests, priceRequests, requestsByService } from './price-requests.ts';
import type { OwnPhases, Sample, SampleResult } from './sample.ts';

type Measured = Extract<SampleResult, { kind: 'measured' }>;

/** Medians of one tool and pass in one case. */
export interface SummaryRow {
  readonly workload: string;
  readonly delayMs: number;
  readonly pass: Pass;
  readonly tool: ToolName;
  readonly outcome:
    | {
        readonly kind: 'measured';
        readonly seconds: number;
        readonly fastest: number;
        readonly slowest: number;
        /** Of a first pass: until the first message was at the destination. */
        readonly firstMessageSeconds?: number;
        /** Of the tool's time to mailhaul's: above 1 mailhaul is faster. */
        readonly timesMailhaul?: number;
        /** The same with the start of mailhaul's process left out. */
        readonly timesMailhaulStarted?: number;
        readonly cpuSeconds: number;
        readonly peakRssMb: number;
        readonly rounds: number;
      }
    | Exclude<SampleResult, { kind: 'measured' }>;
  readonly own?: OwnSummary;
}

/** Medians of what our process tells of itself. */
interface OwnSummary {
  readonly startSeconds: number;
  readonly mailSeconds: number;
  readonly endSeconds: number;
  readonly connections: number;
  /** Of mailhaul: 1 − (time of the bare transfer / time of the pipeline), both without the start of the process. */
  readonly shareOutsideTransfer?: number;
  readonly requests: number;
  readonly requestsByService: Readonly<Record<string, number>>;
  readonly operations: OwnPhases['requests'];
  readonly units: OwnPhases['units'];
  readonly dollars: number;
}

/** One row for each tool and pass, in the order of the samples' cases, then of passes and tools. */
export function summarize(samples: readonly Sample[]): SummaryRow[] {
  const cases = Map.groupBy(samples, ({ workload, delayMs }) => `${workload} ${delayMs}`);
  return [...cases.values()].flatMap((ofCase) =>
    PASSES.flatMap((pass) => {
      const ofPass = ofCase.filter((sample) => sample.pass === pass);
      const mailhaul = mailhaulOf(ofPass);
      return TOOL_NAMES.flatMap((tool) => {
        const mine = ofPass.filter((sample) => sample.tool === tool);
        return mine[0] === undefined ? [] : [rowOf(mine[0], mine, mailhaul, ofPass)];
      });
    }),
  );
}

function rowOf(
  { workload, delayMs, pass, tool }: Sample,
  samples: readonly Sample[],
  mailhaul: MailhaulTimes | undefined,
  ofPass: readonly Sample[],
): SummaryRow {
  const key = { workload, delayMs, pass, tool };
  const bad = samples.map(({ result }) => result).find((result) => result.kind !== 'measured');
  if (bad !== undefined) return { ...key, outcome: bad };
  const measured = measuredOf(samples);
  const times = measured.map(({ wallSeconds }) => wallSeconds);
  const seconds = median(times) ?? 0;
  const first = median(measured.flatMap(({ firstMessageSeconds }) => firstMessageSeconds ?? []));
  const own = ownSummary(tool, measured, ofPass);
  return {
    ...key,
    outcome: {
      kind: 'measured',
      seconds,
      fastest: Math.min(...times),
      slowest: Math.max(...times),
      ...(first === undefined ? {} : { firstMessageSeconds: first }),
      ...(mailhaul === undefined || tool === 'mailhaul'
        ? {}
        : {
            timesMailhaul: seconds / mailhaul.seconds,
            // the bare transfer has a start of its own; see the share outside it
            ...(tool === 'transfer' ? {} : { timesMailhaulStarted: seconds / mailhaul.withoutStart }),
          }),
      cpuSeconds: median(measured.map(({ cpuSeconds }) => cpuSeconds)) ?? 0,
      peakRssMb: (median(measured.map(({ peakRssBytes }) => peakRssBytes)) ?? 0) / 1e6,
      rounds: measured.length,
    },
    ...(own === undefined ? {} : { own }),
  };
}

function ownSummary(
  tool: ToolName,
  measured: readonly Measured[],
  ofPass: readonly Sample[],
): OwnSummary | undefined {
  const phases = measured.flatMap(({ own }) => (own === undefined ? [] : [own]));
  // Requests of one run go together: those of the run in the middle are shown, not a mixture.
  const middle = phases.toSorted((a, b) => countRequests(a.requests) - countRequests(b.requests))[
    phases.length >> 1
  ];
  if (middle === undefined) return undefined;
  const of = (pick: (own: OwnPhases) => number): number => median(phases.map(pick)) ?? 0;
  const share = tool === 'mailhaul' ? shareOutside(ofPass) : undefined;
  return {
    startSeconds: of((own) => own.startSeconds),
    mailSeconds: of((own) => own.mailSeconds),
    endSeconds: of((own) => own.endSeconds),
    connections: of((own) => own.connections),
    ...(share === undefined ? {} : { shareOutsideTransfer: share }),
    requests: countRequests(middle.requests),
    requestsByService: requestsByService(middle.requests),
    operations: middle.requests,
    units: middle.units,
    dollars: priceRequests(middle),
  };
}

function shareOutside(ofPass: readonly Sample[]): number | undefined {
  const pipeline = mailhaulOf(ofPass)?.withoutStart;
  const transfer = withoutStart(ofPass, 'transfer');
  return pipeline === undefined || transfer === undefined ? undefined : 1 - transfer / pipeline;
}

interface MailhaulTimes {
  readonly seconds: number;
  readonly withoutStart: number;
}

function mailhaulOf(ofPass: readonly Sample[]): MailhaulTimes | undefined {
  const mine = ofPass.filter(({ tool }) => tool === 'mailhaul');
  const seconds = median(measuredOf(mine).map(({ wallSeconds }) => wallSeconds));
  const started = withoutStart(ofPass, 'mailhaul');
  return seconds === undefined || started === undefined ? undefined : { seconds, withoutStart: started };
}

function withoutStart(ofPass: readonly Sample[], tool: ToolName): number | undefined {
  const mine = ofPass.filter((sample) => sample.tool === tool);
  return median(
    measuredOf(mine).flatMap(({ wallSeconds, own }) =>
      own === undefined ? [] : [wallSeconds - own.startSeconds],
    ),
  );
}

function measuredOf(samples: readonly Sample[]): Measured[] {
  return samples.flatMap(({ result }) => (result.kind === 'measured' ? [result] : []));
}
