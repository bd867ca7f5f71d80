/** What an admin sees of a mailbox. The order is the usual path, then the side tracks, then the ends. */
export const MAILBOX_STATUSES = [
  'starting',
  'queued',
  'syncing',
  'synced',
  'throttled',
  'needs-attention',
  'waiting-for-user',
  'stopping',
  'stopped',
  'failed',
  'closed',
] as const;

export type MailboxStatus = (typeof MAILBOX_STATUSES)[number];
