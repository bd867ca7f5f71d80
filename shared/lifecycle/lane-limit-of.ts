import { budgetFor, laneLimit, type Budget } from '../imap/providers/budget.ts';
import { profileOf } from '../imap/providers/provider-catalogue.ts';
import type { Services } from '../services.ts';
import type { ConnectionRecord } from '../state/connection-repository.ts';
import type { DestinationRecord } from '../state/destination-repository.ts';
import { endpointAt } from '../state/endpoint-at.ts';

type Side = Pick<ConnectionRecord | DestinationRecord, 'tenant' | 'endpoint' | 'provider'>;

/**
 * Lanes that one mailbox of this source may have at the present destination, by the budgets of both.
 * @param destination undefined where the tenant has none yet
 */
export async function laneLimitOf(
  services: Pick<Services, 'state'>,
  connection: Side,
  destination: Side | undefined,
): Promise<number> {
  const [source, target] = await Promise.all([
    budgetOf(services, connection),
    budgetOf(services, destination ?? connection),
  ]);
  return laneLimit(source, target);
}

async function budgetOf({ state }: Pick<Services, 'state'>, side: Side): Promise<Budget> {
  const tuning = await state.budgets.get(side.tenant, side.endpoint.host);
  return budgetFor(profileOf(endpointAt(side)), tuning);
}
