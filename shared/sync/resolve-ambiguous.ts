import { digestMessages } from '../imap/transfer/digest-messages.ts';
import { NO_FINGERPRINT } from '../migration/fingerprint.ts';
import type { MatchResult, MessageIdentity } from '../migration/match-messages.ts';
import type { LaneContext } from './lane-context.ts';

type Pair = MatchResult['pairs'][number];

/**
 * Decides groups of messages whose headers and sizes are alike: their bytes are read on both sides and compared, so
 * that a message is taken for copied only when that very message is there. Both folders must be open.
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

  const pairs: Pair[] = [];
  for (const group of groups) {
    const free = new Map<string, number[]>();
    for (const candidate of group.candidates) {
      const digest = candidateDigests.get(candidate.uid);
      if (digest === undefined) continue;
      const uids = free.get(digest) ?? [];
      uids.push(candidate.uid);
      free.set(digest, uids);
    }
    const undecided: MessageIdentity[] = [];
    for (const source of group.sources) {
      const digest = sourceDigests.get(source.uid);
      const destinationUid = digest === undefined ? undefined : free.get(digest)?.shift();
      if (destinationUid === undefined) undecided.push(source);
      else pairs.push({ uid: source.uid, destinationUid });
    }
    const rest = [...free.values()].flat().sort((a, b) => a - b);
    const named = group.sources[0]?.fingerprint !== NO_FINGERPRINT;
    if (named && (!lane.sizesExact || (options.alteredByOthers && rest.length === undecided.length))) {
      for (const source of undecided) {
        const destinationUid = rest.shift();
        if (destinationUid !== undefined) pairs.push({ uid: source.uid, destinationUid });
      }
    }
  }
  return pairs;
}

async function digests(
  lane: LaneContext,
  end: LaneContext['source'],
  identities: readonly MessageIdentity[],
): Promise<Map<number, string>> {
  const uids = [...new Set(identities.map((identity) => identity.uid))].sort((a, b) => a - b);
  const found = new Map<number, string>();
  for await (const { uid, sha256 } of digestMessages(end.connection, uids, lane.wait)) found.set(uid, sha256);
  return found;
}
