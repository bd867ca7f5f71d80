import { profileById } from '../imap/providers/provider-catalogue.ts';
import type { ConnectionRecord } from '../state/connection-repository.ts';

/** What an account of a provider that nobody knows may be asked for. */
const UNKNOWN = 4;

/** Connections that one mailbox of this source may use at once, as far as its provider goes. */
export function laneLimitOf({ provider }: Pick<ConnectionRecord, 'provider'>): number {
  return profileById(provider)?.connections ?? UNKNOWN;
}
