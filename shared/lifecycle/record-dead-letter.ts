import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { applyEvent, withoutDue } from './apply-event.ts';
import { liveLanes } from './live-lanes.ts';
import type { MailboxKey } from '../state/keys.ts';
import { recordEvent } from './record-event.ts';

/** A wake-up that was received several times and never dealt with. */
export interface DeadLetter extends MailboxKey {
  readonly queue: 'passes' | 'chunks';
  /** The pass that a chunk message was sent for. */
  readonly pass?: number;
}

export type DeadLetterResult = 'needs-attention' | 'outdated' | 'unknown-mailbox';

/**
 * Shows a wake-up that failed again and again: the mailbox needs attention, and the timer lets it rest until an
 * admin starts it again. A letter can be older than what it speaks of, so one that the mailbox has left behind (a
 * worker is on it, its pass is over, nobody wants it to run) only goes into the history.
 */
export async function recordDeadLetter(services: Services, letter: DeadLetter): Promise<DeadLetterResult> {
  const key = { tenant: letter.tenant, mailboxId: letter.mailboxId };
  const found = await services.state.mailboxes.get(key.tenant, key.mailboxId);
  if (found === undefined) return 'unknown-mailbox';
  const working = (await liveLanes(services, key)).length > 0;
  let flagged = false;
  await services.state.mailboxes.change(key.tenant, key.mailboxId, (current) => {
    flagged = false;
    if (working || isOutdated(current, letter)) return undefined;
    const applied = applyEvent(current, { type: 'attention', reason: 'dead-letter' }, services.clock.now());
    if (!applied.ok) return undefined;
    flagged = true;
    const detail = `A message of the queue "${letter.queue}" was set aside after several failures.`;
    return { ...withoutDue(applied.record), reason: { code: 'dead-letter', detail } };
  });
  await recordEvent(services, key, 'dead-letter', {
    queue: letter.queue,
    ...(letter.pass === undefined ? {} : { pass: letter.pass }),
  });
  return flagged ? 'needs-attention' : 'outdated';
}

function isOutdated(record: MailboxRecord, letter: DeadLetter): boolean {
  if (letter.queue === 'chunks') {
    return record.pass.phase !== 'copying' || (letter.pass !== undefined && letter.pass < record.pass.number);
  }
  return record.pass.phase === 'copying';
}
