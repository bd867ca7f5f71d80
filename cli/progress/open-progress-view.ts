import { createBarsView } from './bars-view.ts';
import { createLinesView } from './lines-view.ts';
import type { ProgressView } from './progress-view.ts';

/** Live bars on a terminal, plain lines everywhere else. */
export function openProgressView(output: NodeJS.WriteStream): ProgressView {
  return output.isTTY && process.env['TERM'] !== 'dumb' ? createBarsView(output) : createLinesView(output);
}
