import { statusOfMailbox } from '../imap/mailbox/status-of-mailbox.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { PageRecord } from '../state/page-record.ts';
import { DestinationReplacedError } from './errors.ts';
import type { LaneContext } from './lane-context.ts';

/**
 * Whether a claim alone says from which destination UID on the messages of a page may stand that nobody has begun: from
 * what planning saw in the folder, for UIDs only grow (RFC 3501 2.3.1.1). That it was replaced since shows by the
 * UIDVALIDITY in the server's answers, so it takes UIDPLUS.
 */
export function claimSuffices(lane: LaneContext, folder: FolderRecord): boolean {
  const hasUidPlus = lane.destination.connection.capabilities.has('UIDPLUS');
  return hasUidPlus && folder.destination?.uidNext !== undefined;
}

/**
 * Records in a page, before its first byte is sent, from which destination UID on its messages may stand.
 * @throws DestinationReplacedError where the destination has to be asked and turns out to be another folder
 */
export async function writeIntent(
  lane: LaneContext,
  folder: FolderRecord,
  page: PageRecord,
): Promise<PageRecord> {
  const seen = await horizonOf(lane, folder);
  const intent = {
    lane: lane.keeper.lease.lane,
    fence: lane.keeper.lease.fence,
    // An intent that is already there names the oldest UID that may be ours: it stays.
    destinationUidNext: Math.min(page.intent?.destinationUidNext ?? Infinity, seen.uidNext),
    destinationUidValidity: seen.uidValidity,
  };
  return lane.services.state.pages.save(lane.key, { ...page, intent }, page.version);
}

/** From which UID on our messages may stand: as planned where that suffices, else as the server says now. */
async function horizonOf(
  lane: LaneContext,
  folder: FolderRecord,
): Promise<{ uidValidity: number; uidNext: number }> {
  const { destination } = folder;
  if (destination?.uidNext !== undefined && claimSuffices(lane, folder)) {
    return { uidValidity: destination.uidValidity, uidNext: destination.uidNext };
  }
  const counters = await statusOfMailbox(lane.destination.connection, folder.destinationPath, lane.wait);
  if (destination !== undefined && destination.uidValidity !== counters.uidValidity) {
    throw new DestinationReplacedError(folder.destinationPath);
  }
  return counters;
}
