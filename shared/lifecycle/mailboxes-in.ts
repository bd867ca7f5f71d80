import { MAILBOX_STATUSES, type MailboxStatus } from '../migration/mailbox-status.ts';
import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import type { MigrationKey } from './migration-key.ts';

const PAGE = 100;

/**
 * Every status in which somebody may work on a mailbox, in the order in which a mailbox passes through them when
 * it is stopped: one that moves on while they are read is met again rather than missed.
 */
export const UNSTOPPED: readonly MailboxStatus[] = [
  ...MAILBOX_STATUSES.filter(
    (status) => status !== 'closed' && status !== 'stopped' && status !== 'stopping',
  ),
  'stopping',
];

/** Every status but the last one. */
export const UNCLOSED: readonly MailboxStatus[] = [...UNSTOPPED, 'stopped'];

/** The mailboxes of a migration that are in one of the statuses, page by page. */
export async function* mailboxesIn(
  services: Pick<Services, 'state'>,
  { tenant, migrationId }: MigrationKey,
  statuses: readonly MailboxStatus[],
): AsyncGenerator<MailboxRecord[]> {
  for (const status of statuses) {
    let cursor: string | undefined;
    do {
      const page = await services.state.mailboxes.list(tenant, migrationId, {
        limit: PAGE,
        status,
        ...(cursor === undefined ? {} : { cursor }),
      });
      if (page.items.length > 0) yield page.items;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}
