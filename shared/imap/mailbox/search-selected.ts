import { type MessageLimits, isWithin, limitsKey } from '../../migration/selection/message-limits.ts';
import { UidColumn } from '../../migration/uid-column.ts';
import { CommandRefusedError } from '../errors.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { MailboxName } from '../wire/mailbox-argument.ts';
import type { Wait } from '../wire/wait.ts';
import { examineThen } from './examine-then.ts';
import { fetchRows } from './fetch-rows.ts';
import type { OpenMailbox } from './open-mailbox.ts';
import { searchMailbox } from './search-mailbox.ts';
import type { UidRange } from './search-uids.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface SelectedUids {
  readonly opened: OpenMailbox;
  /** All in the range. */
  readonly uids: Uint32Array;
  /** Those of them that the limits let through. */
  readonly selected: Uint32Array;
}

/**
 * Opens a mailbox read-only and lists its UIDs in the range, and which of them lie within the limits. The server
 * judges (SEARCH); one that refuses to is asked for dates and sizes. Several may be begun at once on one connection.
 *
 * @throws CommandRefusedError when the mailbox cannot be opened; ProtocolError
 */
export async function searchSelected(
  c: ImapConnection,
  path: MailboxName,
  query: { readonly range: UidRange; readonly limits: MessageLimits },
  wait: Wait,
): Promise<SelectedUids> {
  const { range, limits } = query;
  if (limitsKey(limits) === '') {
    const { opened, uids } = await searchMailbox(c, path, range, wait);
    return { opened, uids, selected: uids };
  }
  const [all, within] = await Promise.allSettled([
    searchMailbox(c, path, range, wait),
    searchMailbox(c, path, { ...range, keys: searchKeys(limits) }, wait),
  ]);
  if (all.status === 'rejected') throw all.reason;
  const { opened, uids } = all.value;
  if (within.status === 'fulfilled') return { opened, uids, selected: within.value.uids };
  if (!(within.reason instanceof CommandRefusedError)) throw within.reason;
  return { opened, uids, selected: await judge(c, path, query, wait) };
}

/** RFC 3501 6.4.4: SINCE and BEFORE compare the day of INTERNALDATE, disregarding time and zone. */
function searchKeys({ since, before, maxMessageBytes }: MessageLimits): string {
  return [
    ...(since === undefined ? [] : [`SINCE ${searchDate(since)}`]),
    ...(before === undefined ? [] : [`BEFORE ${searchDate(before)}`]),
    ...(maxMessageBytes === undefined ? [] : [`NOT LARGER ${maxMessageBytes}`]),
  ].join(' ');
}

function searchDate(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `${Number(date)}-${MONTHS[Number(month) - 1] ?? ''}-${year}`;
}

async function judge(
  c: ImapConnection,
  path: MailboxName,
  { range, limits }: { range: UidRange; limits: MessageLimits },
  wait: Wait,
): Promise<Uint32Array> {
  const { from, to = Number.POSITIVE_INFINITY } = range;
  const selected = new UidColumn();
  const { result } = await examineThen(c, path, wait, async () => {
    const rows = fetchRows(
      c,
      {
        sets: [`${from}:${range.to ?? '*'}`],
        items: '(UID INTERNALDATE RFC822.SIZE)',
        complete: (row) => row.internalDate !== undefined && row.size !== undefined,
      },
      wait,
    );
    for await (const { uid, internalDate = '', size = 0 } of rows) {
      if (uid >= from && uid <= to && isWithin(limits, { internalDate, size })) selected.append(uid);
    }
    return selected.distinct();
  });
  return result;
}
