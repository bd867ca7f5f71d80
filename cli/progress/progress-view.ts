import { createBarsView } from './bars-view.ts';
import { createLinesView } from './lines-view.ts';
import type { ProgressSnapshot } from './progress-snapshot.ts';

/** Where a person watches the work; always standard error, for standard output carries the report. */
export interface ProgressView {
  show(snapshot: ProgressSnapshot): void;
  /** A sentence that stays on the screen. */
  note(text: string): void;
  /** Leaves the last state on the screen and frees the terminal. May be called twice. */
  close(): void;
}

export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  readonly rows?: number | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Live bars on a terminal, plain lines everywhere else. */
export function openProgressView(output: NodeJS.WriteStream): ProgressView {
  return output.isTTY && process.env['TERM'] !== 'dumb' ? createBarsView(output) : createLinesView(output);
}
