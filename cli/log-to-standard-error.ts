import { Console } from 'node:console';

/**
 * Sends all that anybody logs to standard error, for standard output carries the report. The functions' logger makes
 * a console of its own on standard output, unless this variable (its authors' switch for development) is set.
 */
export function logToStandardError(): void {
  process.env['POWERTOOLS_DEV'] = 'true';
  globalThis.console = new Console(process.stderr, process.stderr);
}
