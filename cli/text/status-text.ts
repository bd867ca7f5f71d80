import type { MailboxStatus } from '../../shared/migration/mailbox-status.ts';

const TEXTS: Record<MailboxStatus, string> = {
  starting: 'Starting',
  queued: 'Queued',
  syncing: 'Syncing',
  synced: 'Synced',
  throttled: 'Throttled',
  'needs-attention': 'Needs attention',
  'waiting-for-user': 'Waiting for user',
  stopping: 'Stopping',
  stopped: 'Stopped',
  failed: 'Failed',
  closed: 'Closed',
};

/** A status as the product names it. */
export function statusText(status: MailboxStatus): string {
  return TEXTS[status];
}
