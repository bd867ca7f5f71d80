import type { ItemRecord } from '../state/item-record.ts';
import type { LaneContext } from './lane-context.ts';

/**
 * Reports messages. That a copied one is reported no tally tells, so the mailbox's record is marked before: lists over
 * many mailboxes ask only those that have something to tell.
 */
export async function reportItems(
  { key, services }: Pick<LaneContext, 'key' | 'services'>,
  items: readonly ItemRecord[],
): Promise<void> {
  if (items.length === 0) return;
  const { state } = services;
  if (items.some((item) => item.state === 'copied')) {
    await state.mailboxes.change(key.tenant, key.mailboxId, (mailbox) =>
      mailbox.hasAltered === true ? undefined : { ...mailbox, hasAltered: true },
    );
  }
  await state.items.put(key, items);
}
