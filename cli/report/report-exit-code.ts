import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { MigrationReport } from './migration-report.ts';

/** The worst of what the report says decides. */
export function reportExitCode({ mailboxes, totals, interrupted }: MigrationReport): ExitCode {
  let unfinished = false;
  for (const { status } of mailboxes) {
    switch (status) {
      case 'failed':
      case 'needs-attention':
      case 'waiting-for-user':
        return EXIT.mailboxFailed;
      case 'synced':
        break;
      case 'starting':
      case 'queued':
      case 'syncing':
      case 'throttled':
      case 'stopping':
      case 'stopped':
      case 'closed':
        unfinished = true;
        break;
    }
  }
  if (interrupted) return EXIT.interrupted;
  if (unfinished) return EXIT.mailboxFailed;
  const left = totals.messages.failed > 0 || mailboxes.some(({ skippedItems }) => skippedItems.some(isLeft));
  return left ? EXIT.itemsLeft : EXIT.ok;
}

/**
 * What is not at the destination. Not what counts as skipped only because it is there with another of its labels, or
 * was gone from the source: the report does not name that.
 */
function isLeft({ state }: MigrationReport['mailboxes'][number]['skippedItems'][number]): boolean {
  return state !== 'copied';
}
