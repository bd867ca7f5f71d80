import type { MessageIdentity } from '../migration/match-messages.ts';
import type { LaneContext } from './lane-context.ts';

/** What two messages share when they are taken for the same one; the size joins where servers report it exactly. */
export function identityKey(
  lane: Pick<LaneContext, 'sizesExact'>,
  message: Pick<MessageIdentity, 'fingerprint' | 'size'>,
): string {
  return lane.sizesExact ? `${message.fingerprint}/${message.size}` : `${message.fingerprint}`;
}
