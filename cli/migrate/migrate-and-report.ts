import { systemClock } from '../../shared/migration/clock.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { openProgressView } from '../progress/open-progress-view.ts';
import { reportExitCode } from '../report/report-exit-code.ts';
import { reportText } from '../report/report-text.ts';
import { type MigrateRequest, runMigrate } from './run-migrate.ts';

/** Runs a migration in front of a person: progress on standard error, the report on standard output. */
export async function migrateAndReport(
  request: MigrateRequest,
  options: { json: boolean },
): Promise<ExitCode> {
  const view = openProgressView(process.stderr);
  const interrupts = listenForInterrupts(process, systemClock, () => {
    view.close();
    process.exit(EXIT.interrupted);
  });
  try {
    const report = await runMigrate(request, {
      view,
      signal: interrupts.signal,
      clock: systemClock,
      environment: process.env,
    });
    view.close();
    process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    return reportExitCode(report);
  } finally {
    view.close();
    interrupts.dispose();
  }
}
