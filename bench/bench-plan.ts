import type { BenchOptions } from './bench-options.ts';
import { TOOL_NAMES, type ToolName } from './tools/bench-tool.ts';
import type { Workload } from './workloads/workload.ts';
import { workloadNamed } from './workloads/workloads.ts';

/** One workload over one network, by some tools. */
export interface BenchCase {
  readonly workload: Workload;
  /** Of each way, in ms. */
  readonly delayMs: number;
  readonly tools: readonly ToolName[];
}

export interface BenchPlan {
  readonly cases: readonly BenchCase[];
  readonly rounds: number;
  /** For each pass of a rival; ours may take four times as long. */
  readonly limitSeconds: number;
  /** Nothing was left out: the results are worth keeping. */
  readonly full: boolean;
}

const FULL_WORKLOADS = ['office-300', 'office-5000', 'small-20000', 'attachments-200', 'huge-1'] as const;
const FULL_DELAYS = [0, 25] as const;
/** The workers apart are there for their memory, which a delay does not change. */
const QUICK_TOOLS = TOOL_NAMES.filter((name) => name !== 'workers');
const WITHOUT_SLOW = QUICK_TOOLS.filter((name) => name !== 'offlineimap' && name !== 'imapsync');

/** What a short run looks at, in under two minutes: rivals that need a round trip for each message only without delay. */
const QUICK: readonly { workload: string; delayMs: number; tools: readonly ToolName[] }[] = [
  { workload: 'office-300', delayMs: 0, tools: QUICK_TOOLS },
  { workload: 'office-300', delayMs: 25, tools: WITHOUT_SLOW },
  { workload: 'small-2000', delayMs: 0, tools: WITHOUT_SLOW },
];

/** What is to be run: everything, the short form, or what the options name. */
export function planBench(options: BenchOptions): BenchPlan {
  const narrowed = [options.workload, options.delay, options.tool].some((each) => each !== undefined);
  const tools = options.tool ?? TOOL_NAMES;
  const quick = options.quick === true;
  return {
    cases: quick ? quickCases(options) : fullCases(options, tools),
    rounds: options.rounds ?? (quick ? 1 : 3),
    limitSeconds: options.timeLimit ?? (quick ? 20 : 300),
    full: !quick && !narrowed && options.rounds === undefined && options.lanes === undefined,
  };
}

function quickCases({ workload, delay, tool }: BenchOptions): BenchCase[] {
  return QUICK.filter(
    (each) => (workload?.includes(each.workload) ?? true) && (delay?.includes(each.delayMs) ?? true),
  ).map((each) => ({
    workload: workloadNamed(each.workload),
    delayMs: each.delayMs,
    tools: each.tools.filter((name) => tool?.includes(name) ?? true),
  }));
}

function fullCases({ workload, delay }: BenchOptions, tools: readonly ToolName[]): BenchCase[] {
  return (workload ?? FULL_WORKLOADS).flatMap((name) =>
    (delay ?? FULL_DELAYS).map((delayMs) => ({
      workload: workloadNamed(name),
      delayMs,
      tools: tools.filter((tool) => delayMs === 0 || delay !== undefined || tool !== 'workers'),
    })),
  );
}
