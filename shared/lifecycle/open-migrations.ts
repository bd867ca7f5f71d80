import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';

/**
 * Tells whether a mailbox's migration still takes work, reading each migration once for the returned function's
 * life: make one for each request or tick, never keep it.
 */
export function openMigrations(
  services: Pick<Services, 'state'>,
): (record: Pick<MailboxRecord, 'tenant' | 'migrationId'>) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return ({ tenant, migrationId }) => {
    const name = JSON.stringify([tenant, migrationId]);
    const answer =
      known.get(name) ??
      services.state.migrations.get(tenant, migrationId).then((migration) => migration?.status === 'active');
    known.set(name, answer);
    return answer;
  };
}
