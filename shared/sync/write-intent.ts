import { statusOfMailbox } from '../imap/mailbox/status-of-mailbox.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { PageRecord } from '../state/page-record.ts';
import { DestinationReplacedError } from './errors.ts';
import type { LaneContext } from './lane-context.ts';

/**
 * Records in a page, before its first byte is sent, from which destination UID on its messages may stand.
 * @throws DestinationReplacedError where the destination has to be asked and turns out to be another folder
 */
export async function writeIntent(
  lane: LaneContext,
  folder: FolderRecord,
  page: PageRecord,
): Promise<PageRecord> {
  const horizon = await horizonOf(lane, folder);
  const intent = {
    lane: lane.keeper.lease.lane,
    fence: lane.keeper.lease.fence,
    // An intent that is already there names the oldest UID that may be ours: it stays.
    destinationUidNext: Math.min(page.intent?.destinationUidNext ?? Infinity, horizon.uidNext),
    destinationUidValidity: horizon.uidValidity,
    at: lane.services.clock.now(),
  };
  return lane.services.state.pages.save(lane.key, { ...page, intent }, page.version);
}

/** From which UID on our messages may stand. Where each gets its UID told, a folder that was replaced shows by that. */
async function horizonOf(
  lane: LaneContext,
  folder: FolderRecord,
): Promise<{ uidValidity: number; uidNext: number }> {
  const { connection } = lane.destination;
  const uidNext = connection.capabilities.has('UIDPLUS') ? lane.horizon.of(folder) : undefined;
  if (uidNext !== undefined && folder.destination !== undefined) {
    return { uidValidity: folder.destination.uidValidity, uidNext };
  }
  const counters = await statusOfMailbox(connection, folder.destinationPath, lane.wait);
  if (folder.destination !== undefined && folder.destination.uidValidity !== counters.uidValidity) {
    throw new DestinationReplacedError(folder.destinationPath);
  }
  return counters;
}
