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

/**
 * The UIDs of the selected mailbox that lie in the range, ascending, each once.
 *
 * Uses ESEARCH where offered (RFC 4731), with SEARCH as second opinion on an empty answer: iCloud announces
 * ESEARCH and returns no UIDs. `n:*` names the newest message even when its UID is below n, which is filtered.
 *
 * @throws ProtocolError when the server lists more UIDs than the limit
 */
export async function searchUids(c: ImapConnection, range: UidRange, wait: Wait): Promise<number[]> {
  const uids = c.capabilities.has('ESEARCH') ? await searchUidsBy(c, 'esearch', range, wait) : [];
  return uids.length > 0 ? uids : searchUidsBy(c, 'search', range, wait);
}

/**
 * The same by one command, which is sent before control returns: an empty answer to 'esearch' need not be true.
 * @throws ProtocolError when the server lists more UIDs than the limit
 */
export async function searchUidsBy(
  c: ImapConnection,
  command: 'esearch' | 'search',
  range: UidRange,
  wait: Wait,
): Promise<number[]> {
  const { from, to = Number.POSITIVE_INFINITY } = range;
  if (from > to) return [];
  const criterion = `UID ${from}:${range.to ?? '*'}`;
  const uids = await search(c, command === 'esearch' ? `RETURN (ALL) ${criterion}` : criterion, wait);
  return ascending(uids.filter((uid) => uid >= from && uid <= to));
}

async function search(c: ImapConnection, criteria: string, wait: Wait): Promise<number[]> {
  const uids: number[] = [];
  const { listedUids } = c.limits;
  const handler: ResponseHandler = {
    untagged(response) {
      if (response.kind === 'search') {
        if (uids.length + response.numbers.length > listedUids) throw tooMany(listedUids);
        for (const uid of response.numbers) uids.push(uid);
        return true;
      }
      if (response.kind !== 'esearch') return false;
      for (const [first, last] of response.set === undefined ? [] : parseUidRanges(response.set)) {
        if (uids.length + last - first >= listedUids) throw tooMany(listedUids);
        for (let uid = first; uid <= last; uid += 1) uids.push(uid);
      }
      return true;
    },
  };
  await c.run(`UID SEARCH ${criteria}`, wait, handler);
  return uids;
}

function ascending(uids: number[]): number[] {
  const sorted = uids.every((uid, index) => index === 0 || uid > (uids[index - 1] ?? 0));
  return sorted ? uids : [...new Set(uids)].toSorted((a, b) => a - b);
}

function tooMany(limit: number): ProtocolError {
  return new ProtocolError(`The server listed more than ${limit} messages in one folder.`);
}
