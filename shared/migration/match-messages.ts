import { NO_FINGERPRINT } from './fingerprint.ts';

export interface MessageIdentity {
  uid: number;
  fingerprint: bigint;
  /** bytes */
  size: number;
}

export interface MatchResult {
  pairs: Array<{ uid: number; destinationUid: number }>;
  /** Headers alone cannot tell which is which: compare the bytes of these. */
  ambiguous: Array<{ sources: MessageIdentity[]; candidates: MessageIdentity[] }>;
  /** UIDs of sources for which there is nothing. */
  unmatched: number[];
}

interface Group {
  sources: MessageIdentity[];
  candidates: MessageIdentity[];
}

/**
 * Says which source message is which at the destination, as a multiset: twins stay as many as they are (I2).
 *
 * First by fingerprint and size; then, among what is left, by fingerprint alone, for servers that alter a message
 * or its size. One source and one candidate are a pair; more on either side are ambiguous, and so are headers
 * without any identity. Every source is in exactly one part of the result, every candidate in at most one. The
 * result does not depend on the order of the input, and comes in the order of UIDs.
 *
 * @param options.sizesExact false where a server's RFC822.SIZE is an estimate (Exchange): sizes are ignored
 */
export function matchMessages(
  sources: readonly MessageIdentity[],
  candidates: readonly MessageIdentity[],
  options: { sizesExact: boolean },
): MatchResult {
  const result: MatchResult = { pairs: [], ambiguous: [], unmatched: [] };
  let left: Group = { sources: eachOnce(sources), candidates: eachOnce(candidates) };
  if (options.sizesExact) {
    left = settle(left, (message) => `${message.fingerprint}/${message.size}`, result);
  }
  left = settle(left, (message) => `${message.fingerprint}`, result);
  result.unmatched = left.sources.map((source) => source.uid);
  result.pairs.sort((a, b) => a.uid - b.uid);
  result.ambiguous.sort((a, b) => firstUid(a) - firstUid(b));
  return result;
}

/** Puts what agrees by `key` into the result and returns what does not. */
function settle(messages: Group, key: (message: MessageIdentity) => string, result: MatchResult): Group {
  const groups = new Map<string, Group>();
  for (const side of ['sources', 'candidates'] as const) {
    for (const message of messages[side]) {
      const name = key(message);
      const group = groups.get(name) ?? { sources: [], candidates: [] };
      group[side].push(message);
      groups.set(name, group);
    }
  }
  const left: Group = { sources: [], candidates: [] };
  for (const group of groups.values()) {
    const [source, secondSource] = group.sources;
    const [candidate, secondCandidate] = group.candidates;
    if (source === undefined || candidate === undefined) {
      left.sources.push(...group.sources);
      left.candidates.push(...group.candidates);
    } else if (
      secondSource === undefined &&
      secondCandidate === undefined &&
      source.fingerprint !== NO_FINGERPRINT
    ) {
      result.pairs.push({ uid: source.uid, destinationUid: candidate.uid });
    } else {
      result.ambiguous.push(group);
    }
  }
  return { sources: byUid(left.sources), candidates: byUid(left.candidates) };
}

/** Servers may report a message twice, the later report being the newer. */
function eachOnce(messages: readonly MessageIdentity[]): MessageIdentity[] {
  return byUid([...new Map(messages.map((message) => [message.uid, message])).values()]);
}

function byUid(messages: readonly MessageIdentity[]): MessageIdentity[] {
  return messages.toSorted((a, b) => a.uid - b.uid);
}

function firstUid(group: Group): number {
  return group.sources[0]?.uid ?? 0;
}
