import { digestMessages, type MessageDigest } from '../imap/transfer/digest-messages.ts';
import { NO_FINGERPRINT } from '../migration/fingerprint.ts';
import { sameFlags } from '../migration/flag-policy.ts';
import { internalDateInstant } from '../migration/internal-date.ts';
import type { MatchResult, MessageIdentity } from '../migration/match-messages.ts';
import type { LaneContext } from './lane-context.ts';
import type { LaneEnd } from './lane-end.ts';

type Pair = MatchResult['pairs'][number];

/** How two messages of the same bytes may agree, best first. */
const AGREEMENTS: ReadonlyArray<(source: MessageDigest, candidate: MessageDigest) => boolean> = [
  (source, candidate) => sameInstant(source, candidate) && sameFlags(source.flags, candidate.flags),
  sameInstant,
  () => true,
];

/**
 * Decides groups of messages whose headers and sizes are alike: their bytes are read on both sides and compared, so
 * that a message is taken for copied only when that very message is there. Among messages of the same bytes those
 * of the same INTERNALDATE and flags belong together: else one date would be taken twice and another lost. Both
 * folders must be open.
 *
 * Where a server does not keep bytes (sizes are not exact there), what no digest decides is paired in order of UID:
 * as many as there are, none twice. The same where another tool filled the destination and altered what it copied
 * (`alteredByOthers`), if it holds exactly as many of a kind as the source.
 */
export async function resolveAmbiguous(
  lane: LaneContext,
  groups: MatchResult['ambiguous'],
  options: { alteredByOthers: boolean },
): Promise<Pair[]> {
  if (groups.length === 0) return [];
  const sourceDigests = await digests(
    lane,
    lane.source,
    groups.flatMap((group) => group.sources),
  );
  const candidateDigests = await digests(
    lane,
    lane.destination,
    groups.flatMap((group) => group.candidates),
  );
  return groups.flatMap((group) => {
    const sources = present(group.sources, sourceDigests);
    const candidates = present(group.candidates, candidateDigests);
    const pairs = AGREEMENTS.flatMap((agree) =>
      pairOff(sources, candidates, (source, candidate) => {
        return source.sha256 === candidate.sha256 && agree(source, candidate);
      }),
    );
    const named = group.sources[0]?.fingerprint !== NO_FINGERPRINT;
    const asMany = options.alteredByOthers && sources.size === candidates.size;
    if (named && (!lane.sizesExact || asMany)) pairs.push(...pairOff(sources, candidates, () => true));
    return pairs;
  });
}

/** Pairs what agrees, in order of UID, and takes it out of both sides. */
function pairOff(
  sources: Set<MessageDigest>,
  candidates: Set<MessageDigest>,
  agree: (source: MessageDigest, candidate: MessageDigest) => boolean,
): Pair[] {
  const pairs: Pair[] = [];
  for (const source of sources) {
    const candidate = [...candidates].find((message) => agree(source, message));
    if (candidate === undefined) continue;
    sources.delete(source);
    candidates.delete(candidate);
    pairs.push({ uid: source.uid, destinationUid: candidate.uid });
  }
  return pairs;
}

function sameInstant(source: MessageDigest, candidate: MessageDigest): boolean {
  const instant = internalDateInstant(source.internalDate);
  return instant !== undefined && instant === internalDateInstant(candidate.internalDate);
}

function present(
  identities: readonly MessageIdentity[],
  digested: ReadonlyMap<number, MessageDigest>,
): Set<MessageDigest> {
  return new Set(identities.map(({ uid }) => digested.get(uid)).filter((digest) => digest !== undefined));
}

async function digests(
  lane: LaneContext,
  end: LaneEnd,
  identities: readonly MessageIdentity[],
): Promise<Map<number, MessageDigest>> {
  const uids = [...new Set(identities.map((identity) => identity.uid))].sort((a, b) => a - b);
  const found = new Map<number, MessageDigest>();
  for await (const digest of digestMessages(end.connection, uids, lane.wait)) found.set(digest.uid, digest);
  return found;
}
