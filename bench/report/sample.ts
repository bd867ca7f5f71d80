import type { Verdict } from '../mail/verify-copy.ts';
import type { OwnMeasurements } from '../measure/own-measurements.ts';
import type { Pass, ToolName } from '../tools/bench-tool.ts';

/** One pass of one tool, measured once. */
export interface Sample {
  readonly workload: string;
  /** Each way, in ms. */
  readonly delayMs: number;
  readonly tool: ToolName;
  readonly pass: Pass;
  readonly round: number;
  readonly result: SampleResult;
}

export type SampleResult =
  | {
      readonly kind: 'measured';
      readonly wallSeconds: number;
      /** Of a first pass: from the start of the process until a message was at the destination. */
      readonly firstMessageSeconds?: number;
      readonly cpuSeconds: number;
      readonly peakRssBytes: number;
      /** Of our own processes. */
      readonly own?: OwnPhases;
    }
  | { readonly kind: 'too-slow'; readonly limitSeconds: number }
  | { readonly kind: 'failed'; readonly how: string; readonly words: string }
  | { readonly kind: 'not-installed'; readonly remedy: string };

/** Where the time of one of our processes went, and what it asked of AWS. */
export interface OwnPhases extends Pick<OwnMeasurements, 'connections' | 'requests' | 'units'> {
  /** From the start of the process to its first connection to a mail server. */
  readonly startSeconds: number;
  /** From there to the end of the last connection. */
  readonly mailSeconds: number;
  /** From there to the end of the process. */
  readonly endSeconds: number;
}

/** What became of a copy. */
export interface Verification {
  readonly workload: string;
  readonly delayMs: number;
  readonly tool: ToolName;
  readonly round: number;
  readonly verdict: Verdict;
}
