import { formatUidSets } from '../../migration/uid-set.ts';

/** Bytes of the UID set in one command: Exchange fails on lines above 4,096 bytes. */
const SET_BYTES = 3600;

/** The messages of one command. */
export interface UidBatch {
  readonly uids: readonly number[];
  /** The same as a sequence set, `1:5,9`. */
  readonly set: string;
}

/**
 * Cuts a list of messages into commands, one at a time: at most `messages` in each, and no line too long for any server.
 * @param uids ascending
 */
export function* uidBatches(
  uids: readonly number[] | Uint32Array,
  messages: number,
): Generator<UidBatch, undefined> {
  for (let from = 0; from < uids.length; ) {
    let window = Array.from(uids.slice(from, from + messages));
    let sets = formatUidSets(window, SET_BYTES);
    while (sets.length > 1) {
      // scattered UIDs take more text than one command may have
      window = window.slice(0, Math.ceil(window.length / 2));
      sets = formatUidSets(window, SET_BYTES);
    }
    yield { uids: window, set: sets[0] ?? '' };
    from += window.length;
  }
}
