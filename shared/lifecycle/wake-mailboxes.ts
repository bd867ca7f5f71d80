import type { Services } from '../services.ts';
import type { MailboxKey } from '../state/keys.ts';
import { lanesOf } from './lanes-of.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';

type Wakers = Pick<Services, 'queues' | 'logger'>;
type LaneWakers = Wakers & Pick<Services, 'clock' | 'environment'>;

/**
 * Puts a wake-up for the planner on the queue for each mailbox. The queue only saves waiting: whoever calls this
 * has already set `dueAt`, so the timer finds the mailboxes even if no message gets through, and a failure here is
 * no failure of the request.
 */
export async function wakeMailboxes(
  { queues, logger }: Wakers,
  keys: readonly MailboxKey[],
  reason: 'start' | 'due' | 'request' | 'resume',
): Promise<void> {
  if (keys.length === 0) return;
  const messages = keys.map(({ tenant, mailboxId }) => ({ v: 1 as const, tenant, mailboxId, reason }));
  await leaveToTimerOnFailure(logger, keys.length, () => queues.sendPasses(messages));
}

/** Puts as many wake-ups for workers on the queue as the mailbox may have lanes; as {@link wakeMailboxes}. */
export async function wakeLanes(
  services: LaneWakers,
  { tenant, mailboxId }: MailboxKey,
  mailbox: Pick<MailboxRecord, 'fewerLanes' | 'laneLimit' | 'oneLane' | 'pass'>,
): Promise<void> {
  const message = { v: 1 as const, tenant, mailboxId, pass: mailbox.pass.number };
  const lanes = lanesOf(mailbox, services);
  await leaveToTimerOnFailure(services.logger, 1, () =>
    services.queues.sendChunks(Array.from({ length: lanes }, (_, lane) => ({ ...message, lane }))),
  );
}

async function leaveToTimerOnFailure(
  logger: Services['logger'],
  mailboxes: number,
  send: () => Promise<void>,
): Promise<void> {
  try {
    await send();
  } catch (error) {
    logger.warn('Wake-ups did not reach the queue; the timer finds these mailboxes instead', {
      mailboxes,
      error: error instanceof Error ? error.name : 'unknown',
    });
  }
}
