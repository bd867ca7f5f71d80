import { CommandRefusedError } from '../imap/errors.ts';
import { fetchHeaders } from '../imap/mailbox/fetch-headers.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { ItemRecord } from '../state/item-record.ts';
import { SourceReplacedError } from './errors.ts';
import { summarizeHeader } from './header-summary.ts';
import type { LaneContext } from './lane-context.ts';
import { sourceNameOf } from './source-name.ts';

/** Messages of one page that are asked for; a server that hands out none of them is asked no longer. */
const MOST_DESCRIBED = 50;
const FIELDS = ['DATE', 'FROM', 'SUBJECT', 'MESSAGE-ID'];

/**
 * Says in the report which messages those are that the source lists and does not hand out: often it knows their
 * headers all the same. To be called when their page has been saved: a server that hangs up at this question is not
 * asked again by whoever goes on.
 *
 * @throws SourceReplacedError, and what ended the connection
 */
export async function describeUnread(
  lane: LaneContext,
  folder: FolderRecord,
  unread: readonly ItemRecord[],
): Promise<void> {
  if (unread.length === 0) return;
  const opened = await lane.source.open(sourceNameOf(folder));
  if (opened.uidValidity !== folder.source?.uidValidity) throw new SourceReplacedError();
  const described: ItemRecord[] = [];
  for (const item of unread.slice(0, MOST_DESCRIBED)) {
    try {
      for await (const { uid, size, header } of fetchHeaders(
        lane.source.connection,
        { uids: [item.uid], fields: FIELDS },
        lane.wait,
      )) {
        if (uid === item.uid) described.push({ ...item, size, ...summarizeHeader(header) });
      }
    } catch (error) {
      if (!(error instanceof CommandRefusedError)) throw error;
    }
  }
  if (described.length > 0) await lane.services.state.items.put(lane.key, described);
}
