import { MigrationInputError, UidSetError } from './errors.ts';
import { isUid, MAX_UID } from './uid.ts';

/** The longest range in text, '4294967294:4294967295'. */
const LONGEST_RANGE = 21;

/** UIDs that `parseUidSet` expands at most: some 16 MB of memory, and more than any known mailbox holds. */
export const MAX_EXPANDED_UIDS = 2_000_000;

/**
 * Ascending UIDs as IMAP sequence sets ('1:5,9'), each at most `maxBytes` long, so that a command stays below the
 * 8,192 bytes that RFC 7162 4 asks for and the 4,096 above which Exchange fails.
 */
export function formatUidSets(uids: readonly number[], maxBytes: number = 4000): string[] {
  if (!(maxBytes >= LONGEST_RANGE)) {
    throw new MigrationInputError(`A UID set needs at least ${LONGEST_RANGE} bytes, not ${maxBytes}.`);
  }
  const sets: string[] = [];
  let set = '';
  for (const [first, last] of runsOf(uids)) {
    const range = first === last ? `${first}` : `${first}:${last}`;
    if (set === '') {
      set = range;
    } else if (set.length + 1 + range.length <= maxBytes) {
      set += `,${range}`;
    } else {
      sets.push(set);
      set = range;
    }
  }
  if (set !== '') sets.push(set);
  return sets;
}

function* runsOf(uids: readonly number[]): Generator<[number, number]> {
  let run: [number, number] | undefined;
  for (const uid of uids) {
    if (!isUid(uid)) throw new MigrationInputError(`${uid} is no UID.`);
    if (run !== undefined && uid < run[1]) {
      throw new MigrationInputError(`UIDs must ascend, but ${uid} follows ${run[1]}.`);
    }
    if (run !== undefined && uid - run[1] <= 1) {
      run[1] = uid;
    } else {
      if (run !== undefined) yield run;
      run = [uid, uid];
    }
  }
  if (run !== undefined) yield run;
}

/**
 * The ranges of a `uid-set` as servers send it in APPENDUID, COPYUID (RFC 4315 4) and ESEARCH (RFC 4731), in their
 * order, each lower end first. The work is linear in the text, whatever the ranges span; of a large folder's listing no
 * more than one range is held.
 *
 * @throws {UidSetError} for anything else, `*` included, which no server may send there
 */
export function* parseUidRanges(text: string): Generator<[number, number], undefined> {
  const range = /([0-9]{1,10})(?::([0-9]{1,10}))?(,|$)/y;
  for (let more = true; more; ) {
    const match = range.exec(text);
    if (match === null) throw new UidSetError('it is not a list of numbers and ranges', text);
    const from = Number(match[1]);
    const to = match[2] === undefined ? from : Number(match[2]);
    if (!isUid(from) || !isUid(to)) throw new UidSetError(`a UID lies outside 1..${MAX_UID}`, text);
    yield [Math.min(from, to), Math.max(from, to)];
    more = match[3] === ',';
  }
}

/**
 * The UIDs of a `uid-set` one by one, in the order of the text.
 *
 * @throws {UidSetError} when malformed, or when it names more than `limit` UIDs (nothing is expanded then)
 */
export function parseUidSet(text: string, limit: number = MAX_EXPANDED_UIDS): number[] {
  const ranges = [...parseUidRanges(text)];
  let count = 0;
  for (const [from, to] of ranges) count += to - from + 1;
  if (count > limit) throw new UidSetError(`it names ${count} UIDs, at most ${limit} are accepted`, text);
  const uids: number[] = [];
  for (const [from, to] of ranges) {
    for (let uid = from; uid <= to; uid += 1) uids.push(uid);
  }
  return uids;
}
