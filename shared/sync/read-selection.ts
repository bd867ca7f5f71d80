import type { MailSelection } from '../migration/selection/mail-selection.ts';
import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';

/** What the admin wants of the mailbox's migration: asked for by each pass, so that all use the same. */
export async function readSelection({ state }: Services, mailbox: MailboxRecord): Promise<MailSelection> {
  const migration = await state.migrations.get(mailbox.tenant, mailbox.migrationId);
  return migration?.selection ?? {};
}
