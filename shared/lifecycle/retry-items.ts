import type { RetryWish } from '../migration/retry-wish.ts';
import type { Services } from '../services.ts';
import type { MailboxKey } from '../state/keys.ts';
import type { MailboxOutcome } from './mailbox-outcome.ts';
import { requestPass } from './request-pass.ts';

/**
 * Has messages that were not copied tried again by the next pass, which begins at once: each as often as at first. What
 * is wanted is written down and no page of the ledger is touched, for lanes may have those in hand; whoever plans the
 * next pass is alone with them. One request for a mailbox, however many messages it means.
 *
 * Where nothing fits a description, nothing happens. A crash between the wish and the pass leaves a wish that counts
 * with the next one.
 */
export function retryItems(
  services: Services,
  keys: readonly MailboxKey[],
  wishes: readonly RetryWish[],
): Promise<MailboxOutcome[]> {
  const { items, retries } = services.state;
  return requestPass(services, keys, {
    action: 'retry',
    prepare: async (mailbox) => {
      if (!(await mayMeanSome(items, mailbox, wishes))) return undefined;
      await retries.add(mailbox, wishes);
      return { retryAsked: services.ids() };
    },
  });
}

/** Most reports are shorter; of longer ones it is taken for granted. */
const LOOKED_AT = 100;

async function mayMeanSome(
  items: Services['state']['items'],
  mailbox: MailboxKey,
  wishes: readonly RetryWish[],
): Promise<boolean> {
  for (const wish of wishes) {
    if (wish.kind === 'messages') return true;
    const { items: found, cursor } = await items.list(mailbox, { limit: LOOKED_AT, filter: wish });
    if (found.some(({ state }) => state !== 'copied') || cursor !== undefined) return true;
  }
  return false;
}
