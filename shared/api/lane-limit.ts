import { profileById } from '../imap/providers/provider-catalogue.ts';
import type { Services } from '../services.ts';
import type { ConnectionRecord } from '../state/connection-repository.ts';

/** What an account of a provider that nobody knows may be asked for. */
const UNKNOWN = 4;

/** Connections that one mailbox of this source may use at once. */
export function laneLimitOf(
  { provider }: ConnectionRecord,
  { environment }: Pick<Services, 'environment'>,
): number {
  return environment.lanes ?? profileById(provider)?.connections ?? UNKNOWN;
}
