import { WATCHDOG_MS } from '../lifecycle/wake-decision.ts';
import type { Services } from '../services.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';

/**
 * Decides what a wake-up means: a new pass where one is wanted, the planning of a dead predecessor, or nothing.
 * Called under the planner's lease; a doubled wake-up finds the wish already granted.
 *
 * @returns the mailbox with its pass in phase 'planning' or 'copying', and whether it is a new pass; undefined when
 * there is nothing to do
 */
export async function beginPass(
  services: Services,
  key: MailboxKey,
): Promise<{ mailbox: MailboxRecord; isNew: boolean } | undefined> {
  const now = services.clock.now();
  let isNew = false;
  const record = await services.state.mailboxes.change(key.tenant, key.mailboxId, (mailbox) => {
    isNew = isActive(mailbox) && mailbox.pass.phase === 'idle' && wantsPass(mailbox);
    if (!isNew) return undefined;
    const first = mailbox.lastSyncedAt === undefined;
    const { requestedPass: _requested, ...rest } = mailbox;
    const { finishedAt: _finishedAt, ...pass } = mailbox.pass;
    return {
      ...rest,
      pass: {
        ...pass,
        number: mailbox.pass.number + 1,
        kind: first ? 'initial' : 'incremental',
        phase: 'planning',
        startedAt: now,
      },
      dueAt: now + WATCHDOG_MS,
    };
  });
  if (record === undefined || !isActive(record) || record.pass.phase === 'idle') return undefined;
  return { mailbox: record, isNew };
}

/** Statuses in which a mailbox is planned; the others wait for the admin, the user or the clock. */
function isActive(mailbox: MailboxRecord): boolean {
  switch (mailbox.status) {
    case 'starting':
    case 'queued':
    case 'syncing':
    case 'synced':
      return true;
    case 'throttled':
    case 'needs-attention':
    case 'waiting-for-user':
    case 'stopping':
    case 'stopped':
    case 'failed':
    case 'closed':
      return false;
  }
}

function wantsPass(mailbox: MailboxRecord): boolean {
  return mailbox.requestedPass === true || mailbox.status !== 'synced';
}
