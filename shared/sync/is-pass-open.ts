import type { Services } from '../services.ts';
import type { MailboxKey } from '../state/mailbox-record.ts';

/** Whether a pass is neither over nor to be planned anew, whatever whoever asks has slept through. */
export async function isPassOpen(services: Services, key: MailboxKey, pass: number): Promise<boolean> {
  const now = await services.state.mailboxes.get(key.tenant, key.mailboxId);
  return now?.pass.number === pass && now.pass.phase === 'copying';
}
