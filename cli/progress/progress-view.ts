import type { ProgressSnapshot } from './progress-snapshot.ts';

/** Where a person watches the work; always standard error, for standard output carries the report. */
export interface ProgressView {
  show(snapshot: ProgressSnapshot): void;
  /** A sentence that stays on the screen. */
  note(text: string): void;
  /** Leaves the last state on the screen and frees the terminal. May be called twice. */
  close(): void;
}
