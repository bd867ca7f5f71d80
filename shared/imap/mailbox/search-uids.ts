import { UidColumn } from '../../migration/uid-column.ts';
import { parseUidRanges } from '../../migration/uid-set.ts';
import { ProtocolError } from '../errors.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { ResponseHandler } from '../wire/response.ts';
import type { Wait } from '../wire/wait.ts';

export interface UidRange {
  readonly from: number;
  /** Undefined: up to the newest message. */
  readonly to?: number;
}

export interface UidQuery extends UidRange {
  /** Further search keys (RFC 3501 6.4.4) that must fit as well. */
  readonly keys?: string;
}

/**
 * The UIDs of the selected mailbox that lie in the range, ascending, each once.
 *
 * Uses ESEARCH where offered (RFC 4731), with SEARCH as second opinion on an empty answer: iCloud announces
 * ESEARCH and returns no UIDs. `n:*` names the newest message even when its UID is below n, which is filtered.
 *
 * @throws ProtocolError when the server lists more UIDs than the limit
 */
export async function searchUids(c: ImapConnection, range: UidRange, wait: Wait): Promise<Uint32Array> {
  const uids = c.capabilities.has('ESEARCH') ? await searchUidsBy(c, 'esearch', range, wait) : undefined;
  return uids !== undefined && uids.length > 0 ? uids : searchUidsBy(c, 'search', range, wait);
}

/**
 * The same by one command, which is sent before control returns: an empty answer to 'esearch' need not be true.
 * @throws ProtocolError when the server lists more UIDs than the limit
 */
export async function searchUidsBy(
  c: ImapConnection,
  command: 'esearch' | 'search',
  range: UidQuery,
  wait: Wait,
): Promise<Uint32Array> {
  const { from, to = Number.POSITIVE_INFINITY } = range;
  const uids = new UidColumn();
  if (from > to) return uids.distinct();
  const criterion = `UID ${from}:${range.to ?? '*'}${range.keys === undefined ? '' : ` ${range.keys}`}`;
  const criteria = command === 'esearch' ? `RETURN (ALL) ${criterion}` : criterion;
  const { listedUids } = c.limits;
  let listed = 0;
  const take = (first: number, last: number): void => {
    listed += last - first + 1;
    if (listed > listedUids) throw tooMany(listedUids);
    const end = Math.min(last, to);
    for (let uid = Math.max(first, from); uid <= end; uid += 1) uids.append(uid);
  };
  const handler: ResponseHandler = {
    untagged(response) {
      if (response.kind === 'search') {
        for (const uid of response.numbers) take(uid, uid);
        return true;
      }
      if (response.kind !== 'esearch') return false;
      for (const [first, last] of response.set === undefined ? [] : parseUidRanges(response.set)) {
        take(first, last);
      }
      return true;
    },
  };
  await c.run(`UID SEARCH ${criteria}`, wait, handler);
  return uids.distinct();
}

function tooMany(limit: number): ProtocolError {
  return new ProtocolError(`The server listed more than ${limit} messages in one folder.`);
}
