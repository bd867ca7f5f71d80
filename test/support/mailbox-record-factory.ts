import { ulid } from 'ulid';
import { emptyCounts } from '../../shared/migration/ledger-counts.ts';
import type { MailboxRecord } from '../../shared/state/mailbox-record.ts';

/** A mailbox that is just starting; `fields` replace what a test cares about. */
export function mailboxRecord(fields: Partial<MailboxRecord> & { tenant: string }): MailboxRecord {
  return {
    mailboxId: ulid(),
    migrationId: 'migration-1',
    connectionId: 'connection-1',
    sourceUser: 'ann@old.example',
    destinationUser: 'ann@new.example',
    status: 'starting',
    statusSince: 1000,
    pass: { number: 0, kind: 'initial', phase: 'idle', trigger: 'start', startedAt: 1000 },
    laneLimit: 3,
    consecutiveThrottles: 0,
    failures: 0,
    totals: { ...emptyCounts(), folders: 0 },
    credentialShard: 'mailhaul/tenant/migration-1/0',
    version: 1,
    ...fields,
  };
}
