import type { MailboxView } from '../../cli/api/mailbox-view.ts';

/** A mailbox as the API would tell it; what a test is about is given. */
export function mailboxView(given: Partial<MailboxView> = {}): MailboxView {
  return {
    mailboxId: '01JD8Y3T5V9W2X4Y6Z8A0B1C2D',
    sourceUser: 'anna@old.example',
    destinationUser: 'anna@new.example',
    status: 'syncing',
    pass: { number: 1, phase: 'copying', startedAt: 1 },
    folders: 4,
    messages: { listed: 100, copied: 40, adopted: 5, skipped: 0, underOtherLabel: 0, failed: 0 },
    bytes: 1_000_000,
    ...given,
  };
}
