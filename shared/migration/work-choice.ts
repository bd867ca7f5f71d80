import { type LaneShare, weightOf } from './lane-share.ts';
import type { WorkKind } from './work-kind.ts';

/** A lane as the chooser needs it; `live` means that its lease runs and that its owner is of this incarnation. */
export interface LaneView {
  readonly lane: number;
  readonly fence: number;
  readonly live: boolean;
}

/**
 * The number that stands for a folder's adoption among its pages: the work list is read from its beginning and the
 * highest number of a folder comes first, so that an adoption is never out of sight behind many pages.
 */
export const ADOPTION_NUMBER = 999_999;

const ONE_PIECE: LaneShare = { pieces: 1, messages: 0 };

/** A piece of pending work; `claim` names the lane and the lease (fence) that took it last. */
export interface WorkView {
  readonly folderId: string;
  readonly epoch: number;
  readonly number: number;
  readonly kind: WorkKind;
  /** How many there are to be looked at or copied. */
  readonly messages?: number;
  readonly claim?: { readonly lane: number; readonly fence: number };
}

export type WorkChoice<Work extends WorkView> =
  /** Claim these pieces, at least one, and do them in this order. */
  | { readonly kind: 'take'; readonly work: readonly Work[] }
  /** Work is left, but live lanes hold what must end before it: leave, they go on with it. */
  | { readonly kind: 'busy' }
  /** Nothing is left; the first of the live lanes, which is another one, finishes the pass. */
  | { readonly kind: 'others-finishing' }
  /** Nothing is left, and it is this lane that finishes the pass; `alone` when no other lane lives. */
  | { readonly kind: 'done'; readonly alone: boolean };

interface FolderState {
  liveClaims: number;
  /** A claim of a lane that is no more: the destination may hold messages that no ledger entry knows yet. */
  doubtful: boolean;
  /** The folder is to be matched with the destination first. */
  adopting: boolean;
}

/**
 * Chooses the next piece for a lane, in the order of the work list.
 *
 * Work whose lane has died is in doubt until somebody has looked at the destination, and that look tells whose
 * message is whose only while nobody else appends to the same folder. So in a folder with doubtful work, or with
 * an adoption pending, nothing else starts, and the doubtful piece itself starts when the folder is quiet. An
 * adoption comes before doubtful pieces too: where the destination was replaced, there is nothing to look at else.
 *
 * Pieces that nobody has claimed yet may be taken several at once, in order and up to `share`; whatever was claimed
 * before, and adoptions, are taken alone. Of lanes that look at the same time each takes another share.
 *
 * @param inHand pieces that the lane itself is at work on, or will be
 */
export function chooseWork<Work extends WorkView>(
  lanes: readonly LaneView[],
  work: readonly Work[],
  self: { readonly lane: number; readonly fence: number },
  share: LaneShare = ONE_PIECE,
  inHand: (item: Work) => boolean = () => false,
): WorkChoice<Work> {
  const shares = startableShares(lanes, work, self, share, inHand);
  const own = shares[Math.min(lookingBefore(lanes, work, self), shares.length - 1)];
  if (own !== undefined) return { kind: 'take', work: own };

  if (work.length > 0) return { kind: 'busy' };
  // Whoever still does something has its piece on the list until it is done: lanes without one need not
  // be waited for.
  const others = lanes.filter((lane) => lane.live && lane.lane !== self.lane);
  if (others.some(({ lane }) => lane < self.lane)) return { kind: 'others-finishing' };
  return { kind: 'done', alone: others.length === 0 };
}

/**
 * What lanes may begin beside one another now, cut into what each takes at once. A piece that the lane itself has
 * claimed before and does not have in hand is its only share: it goes on with that.
 */
export function startableShares<Work extends WorkView>(
  lanes: readonly LaneView[],
  work: readonly Work[],
  self: { readonly lane: number; readonly fence: number },
  share: LaneShare,
  inHand: (item: Work) => boolean,
): Work[][] {
  const claimState = (item: Work): 'free' | 'own' | 'live' | 'dead' => {
    const { claim } = item;
    if (claim === undefined) return 'free';
    if (inHand(item)) return 'live';
    if (claim.lane === self.lane && claim.fence === self.fence) return 'own';
    const holder = lanes.find((lane) => lane.lane === claim.lane);
    return holder !== undefined && holder.live && holder.fence === claim.fence ? 'live' : 'dead';
  };

  const folders = new Map<string, FolderState>();
  const pages = new Set<string>();
  for (const item of work) {
    const folder = folders.get(item.folderId) ?? { liveClaims: 0, doubtful: false, adopting: false };
    const state = claimState(item);
    if (state === 'live') {
      folder.liveClaims += 1;
      pages.add(pageKey(item));
    }
    if ((state === 'dead' || state === 'own') && item.kind === 'copy') folder.doubtful = true;
    if (item.kind === 'adopt') folder.adopting = true;
    folders.set(item.folderId, folder);
  }

  // What lanes may begin beside one another: of a page one piece, of a folder in doubt the first.
  const startable: Work[] = [];
  const closed = new Set<string>();
  for (const item of work) {
    const state = claimState(item);
    const folder = folders.get(item.folderId);
    if (state === 'live' || folder === undefined || !mayStart(item, state !== 'free', folder)) continue;
    const inDoubt = state !== 'free' && item.kind === 'copy';
    if (pages.has(pageKey(item)) || (inDoubt && closed.has(item.folderId))) continue;
    if (state === 'own') return [[item]];
    if (inDoubt) closed.add(item.folderId);
    pages.add(pageKey(item));
    startable.push(item);
  }
  return sharesOf(startable, share);
}

/** Cuts pieces, in their order, into what a lane takes at once. */
function sharesOf<Work extends WorkView>(startable: readonly Work[], most: LaneShare): Work[][] {
  const shares: Work[][] = [];
  let open: Work[] | undefined;
  let weight = 0;
  for (const item of startable) {
    const alone = item.claim !== undefined || item.kind === 'adopt';
    weight += weightOf(item);
    if (open === undefined || alone || open.length >= most.pieces || weight > most.messages) {
      open = [];
      shares.push(open);
      weight = weightOf(item);
    }
    open.push(item);
    if (alone) open = undefined;
  }
  return shares;
}

/**
 * Live lanes of lower numbers that hold nothing: they look at this very moment, as lanes do that were woken together,
 * and each takes the share of its place among them, so that they do not all claim the same.
 */
function lookingBefore(
  lanes: readonly LaneView[],
  work: readonly WorkView[],
  self: { readonly lane: number },
): number {
  const holding = new Set(work.map(({ claim }) => `${claim?.lane}/${claim?.fence}`));
  return lanes.filter(({ fence, lane, live }) => live && lane < self.lane && !holding.has(`${lane}/${fence}`))
    .length;
}

function mayStart(item: WorkView, claimedBefore: boolean, folder: FolderState): boolean {
  if (item.kind === 'adopt') return folder.liveClaims === 0;
  if (folder.adopting) return false;
  if (item.kind === 'flags') return true;
  return claimedBefore ? folder.liveClaims === 0 : !folder.doubtful;
}

function pageKey(item: WorkView): string {
  return `${item.folderId}/${item.epoch}/${item.number}`;
}
