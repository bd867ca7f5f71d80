import { digestMessages } from '../imap/transfer/digest-messages.ts';
import { internalDateInstant } from '../migration/internal-date.ts';
import type { MatchResult, MessageIdentity } from '../migration/match-messages.ts';
import { PlainForm } from '../migration/plain-form.ts';
import type { LaneContext } from './lane-context.ts';
import type { LaneEnd } from './lane-end.ts';

type Pair = MatchResult['pairs'][number];

/** A message that was stored in another form has about its size; in so far only candidates are read. */
const SIZE_TOLERANCE = 0.1;
const SIZE_TOLERANCE_BYTES = 64;

/**
 * Finds messages that a worker had sent among those that the destination stores in another form: other line ends make
 * another size, and X in place of raw 8-bit characters in a header another fingerprint. Not to know them would be to send
 * them again. What is left on both sides is read and compared in a form that both have in common.
 *
 * @param known all messages that may belong together, and the pairs that are found already
 */
export async function pairAltered(
  lane: LaneContext,
  known: {
    readonly sources: readonly MessageIdentity[];
    readonly candidates: readonly MessageIdentity[];
    readonly pairs: readonly Pair[];
  },
): Promise<Pair[]> {
  const paired = new Set(known.pairs.map(({ uid }) => uid));
  const found = new Set(known.pairs.map(({ destinationUid }) => destinationUid));
  const candidates = known.candidates.filter(({ uid }) => !found.has(uid));
  const sources = known.sources.filter(
    (source) => !paired.has(source.uid) && candidates.some(({ size }) => isAbout(source.size, size)),
  );
  if (sources.length === 0) return [];
  const there = await plainDigests(lane, lane.destination, candidates);
  const pairs: Pair[] = [];
  const here = await plainDigests(lane, lane.source, sources);
  // Of messages of the same bytes, those of the same date belong together.
  for (const agree of [sameInstant, () => true]) {
    for (const [uid, own] of here) {
      const match = [...there].find(([, other]) => other.sha256 === own.sha256 && agree(own, other));
      if (match === undefined) continue;
      here.delete(uid);
      there.delete(match[0]);
      pairs.push({ uid, destinationUid: match[0] });
    }
  }
  return pairs;
}

interface PlainDigest {
  readonly sha256: string;
  readonly instant: number | undefined;
}

function sameInstant(one: PlainDigest, other: PlainDigest): boolean {
  return one.instant === other.instant;
}

function isAbout(size: number, other: number): boolean {
  return Math.abs(size - other) <= SIZE_TOLERANCE_BYTES + SIZE_TOLERANCE * Math.max(size, other);
}

async function plainDigests(
  lane: LaneContext,
  end: LaneEnd,
  messages: readonly MessageIdentity[],
): Promise<Map<number, PlainDigest>> {
  const uids = messages.map(({ uid }) => uid).sort((a, b) => a - b);
  const digests = new Map<number, PlainDigest>();
  const digested = digestMessages(end.connection, uids, lane.wait, { form: () => new PlainForm() });
  for await (const { uid, sha256, internalDate } of digested) {
    digests.set(uid, { sha256, instant: internalDateInstant(internalDate) });
  }
  return digests;
}
