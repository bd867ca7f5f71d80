import { fetchRows } from '../imap/mailbox/fetch-rows.ts';
import { uidBatches } from '../imap/wire/uid-batches.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { LaneContext } from './lane-context.ts';
import { headerPart } from './message-forms.ts';
import type { DoubtfulMessage } from './page-outcomes.ts';

const MESSAGES_PER_COMMAND = 200;

/**
 * Of messages of odd forms that the destination has taken, those that it stores as something else: Courier ends every
 * message with a line end, Cyrus writes X in place of raw 8-bit characters in headers. Nothing of that can be prevented,
 * and nobody else would tell. Their sizes and headers are compared; bodies are not read.
 */
export async function findAltered(
  lane: LaneContext,
  folder: FolderRecord,
  doubtful: readonly DoubtfulMessage[],
): Promise<Array<{ message: DoubtfulMessage; because: string }>> {
  const { destination, storedForms, wait } = lane;
  const sent = new Map(doubtful.map((message) => [message.destinationUid, message]));
  const uids = [...sent.keys()].sort((a, b) => a - b);
  // Opened anew: what was appended since is to be seen.
  await destination.reopen(folder.destinationPath);
  const rows = fetchRows(
    destination.connection,
    {
      sets: uidBatches(uids, MESSAGES_PER_COMMAND).map(({ set }) => set),
      items: '(UID RFC822.SIZE BODY.PEEK[HEADER])',
      complete: ({ header, size }) => header !== undefined && size !== undefined,
    },
    wait,
  );
  const altered: Array<{ message: DoubtfulMessage; because: string }> = [];
  for await (const { uid, header, size } of rows) {
    const message = sent.get(uid);
    if (message === undefined || header === undefined || size === undefined) continue;
    const because = difference(message, { header, size }, lane.sizesExact);
    storedForms.seen(message.oddForms, because === undefined);
    if (because !== undefined) altered.push({ message, because });
  }
  return altered;
}

function difference(
  message: DoubtfulMessage,
  stored: { readonly header: Uint8Array; readonly size: number },
  sizesExact: boolean,
): string | undefined {
  if (sizesExact && stored.size !== message.size) {
    return `Of ${message.size} bytes the server made ${stored.size}.`;
  }
  const ours = headerPart(message.beginning().toString('latin1'));
  const theirs = Buffer.from(stored.header).toString('latin1');
  const length = Math.min(ours.length, theirs.length);
  return ours.slice(0, length) === theirs.slice(0, length)
    ? undefined
    : 'The server has changed bytes of the header.';
}
