import type { FolderRecord } from '../state/folder-record.ts';
import { LeaseLostError } from './errors.ts';
import type { LaneContext } from './lane-context.ts';

/**
 * Stores what a lane found out about a folder.
 * @throws LeaseLostError when a later pass has planned the folder: this lane was away for longer than its lease
 */
export async function saveFolder(
  { key, keeper, services }: LaneContext,
  folder: FolderRecord,
): Promise<void> {
  if (!(await services.state.folders.putInPass(key, folder, keeper.lease.pass))) throw new LeaseLostError();
}
