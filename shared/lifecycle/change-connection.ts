import type { Services } from '../services.ts';
import type { ConnectionRecord } from '../state/connection-repository.ts';
import { changeRecord } from './change-record.ts';
import type { ConnectionKey } from './connection-key.ts';

/** Changes a connection's record; see {@link changeRecord}. */
export function changeConnection(
  { state }: Pick<Services, 'state'>,
  { tenant, connectionId }: ConnectionKey,
  change: (record: ConnectionRecord) => ConnectionRecord | undefined,
): Promise<ConnectionRecord | undefined> {
  return changeRecord(
    () => state.connections.get(tenant, connectionId),
    (record) => state.connections.put(record),
    change,
  );
}
