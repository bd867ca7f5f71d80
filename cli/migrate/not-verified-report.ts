import type { MigrationReport } from '../report/migration-report.ts';
import type { UserRow } from '../users/user-row.ts';
import type { ServerNotVerifiedError } from './errors.ts';

const NOTHING = { copied: 0, adopted: 0, skipped: 0, underOtherLabel: 0, failed: 0 };

/** The report of a run that could not begin, in the form of every other: each mailbox needs the same attention. */
export function notVerifiedReport(
  users: readonly UserRow[],
  { side, failed }: ServerNotVerifiedError,
  seconds: number,
): MigrationReport {
  return {
    mailboxes: users.map(({ emailAddress, userName }) => ({
      destination: emailAddress,
      source: userName,
      status: 'needs-attention',
      reason: {
        code: failed.reason,
        summary: failed.summary,
        remedy: failed.remedy,
        detail: failed.serverText ?? '',
        side,
      },
      folders: 0,
      messages: { listed: 0, ...NOTHING },
      bytes: 0,
      seconds: 0,
      thisRun: NOTHING,
      skippedItems: [],
    })),
    totals: {
      mailboxes: users.length,
      statuses: { 'needs-attention': users.length },
      folders: 0,
      messages: { listed: 0, ...NOTHING },
      bytes: 0,
      thisRun: NOTHING,
      seconds,
    },
    interrupted: false,
  };
}
