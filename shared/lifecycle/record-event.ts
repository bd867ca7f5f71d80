import type { Services } from '../services.ts';
import type { MailboxKey } from '../state/keys.ts';

/** What lifecycle writes into a mailbox's history. */
export type LifecycleEventType =
  | 'start-requested'
  | 'stop-requested'
  | 'sync-requested'
  | 'retry-requested'
  | 'stopped'
  | 'closed'
  | 'credential-replaced'
  | 'consent-given'
  | 'consent-refused'
  | 'dead-letter';

const TEXTS: Record<LifecycleEventType, string> = {
  'start-requested': 'Start was requested.',
  'stop-requested': 'Stop was requested.',
  'sync-requested': 'A synchronisation was requested.',
  'retry-requested': 'Messages that were not copied are to be tried again.',
  stopped: 'Nobody works on it any more: stopped.',
  closed: 'The connection was closed and its credentials were destroyed.',
  'credential-replaced': 'A new password was stored.',
  'consent-given': 'The user has consented by the link.',
  'consent-refused': 'The user followed the link, and no consent came of it.',
  'dead-letter': 'Work on the mailbox failed several times in a row and was set aside.',
};

/**
 * Adds to the mailbox's history. The history explains, it decides nothing: when it cannot be written, the change it
 * tells of stands all the same.
 */
export async function recordEvent(
  services: Pick<Services, 'state' | 'clock' | 'logger'>,
  key: MailboxKey,
  type: LifecycleEventType,
  data?: Record<string, string | number>,
): Promise<void> {
  try {
    await services.state.events.add(key, {
      at: services.clock.now(),
      type,
      text: TEXTS[type],
      ...(data === undefined ? {} : { data }),
    });
  } catch (error) {
    services.logger.warn('An event could not be written to the history of a mailbox', {
      mailboxId: key.mailboxId,
      type,
      error: error instanceof Error ? error.name : 'unknown',
    });
  }
}
