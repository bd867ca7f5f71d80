import { lanesOf } from '../lifecycle/lanes-of.ts';
import { laneShare, MOST_PIECES } from '../migration/lane-share.ts';
import { chooseWork, startableShares } from '../migration/work-choice.ts';
import type { PageRecord } from '../state/page-record.ts';
import type { WorkItem } from '../state/work-record.ts';
import { LeaseLostError } from './errors.ts';
import type { LaneContext } from './lane-context.ts';
import type { LaneMemory } from './lane-memory.ts';
import { plannerWorks, workingLanes } from './working-lanes.ts';

/** A piece of work that this lane has claimed. */
export interface ClaimedPiece {
  /** With the claim of whoever had it before: there is none where nobody has begun it. */
  readonly item: WorkItem;
  /** As it is now that nobody else writes it; undefined where there is none, and for an adoption. */
  readonly page: PageRecord | undefined;
}

/** Whether nobody has begun to copy it, and all of it is fetched: then it needs no look at either folder before. */
export function isUntouched(piece: ClaimedPiece): piece is ClaimedPiece & { readonly page: PageRecord } {
  const { item, page } = piece;
  const isBegun = item.claim !== undefined || page?.intent !== undefined;
  return item.kind === 'copy' && page !== undefined && !isBegun && !page.copySources;
}

/** Finished pieces that may wait to be removed in one request. */
const MOST_FINISHED = 16;
/** Claims that are let go in the write that takes others: DynamoDB takes expressions of 4 KB and 300 operators. */
const MOST_LET_GO = 24;

export type NextWork =
  | ({ readonly kind: 'piece' } & ClaimedPiece)
  /** Somebody plans the next pass. */
  | { readonly kind: 'planning' }
  /** Work is left, but live lanes hold what must end before it. */
  | { readonly kind: 'busy' }
  /** Nothing is left, and another lane finishes the pass. */
  | { readonly kind: 'others-finishing' }
  /** Nothing is left, and this lane finishes the pass; `alone` when no other lane lives. */
  | { readonly kind: 'done'; readonly alone: boolean };

/** What is needed of a lane to claim work: it may have no connections yet. */
export type LaneOfWork = Pick<LaneContext, 'keeper' | 'key' | 'mailbox' | 'services'>;

/**
 * The pieces of work that a lane has claimed. Small ones are claimed, read and removed several at a time, because
 * the requests that this takes are most of what a page with a few messages costs.
 *
 * Whoever has one lays it down in the end.
 */
export class WorkInHand {
  readonly #lane: LaneOfWork;
  readonly #memory: LaneMemory;
  /** Names of the pieces that the lane is at. */
  readonly #atWork = new Set<string>();
  #waiting: ClaimedPiece[] = [];
  #done: WorkItem[] = [];
  /** No longer on the list; their claims are let go when the next ones are taken. */
  #over: WorkItem[] = [];
  /** When it was last looked, there was more than was taken. */
  #more = true;
  #ahead: Promise<unknown> | undefined;

  constructor(lane: LaneOfWork, memory: LaneMemory) {
    this.#lane = lane;
    this.#memory = memory;
  }

  /** The next piece, claimed and read; its folder is in the lane's memory. */
  async next(): Promise<NextWork> {
    await this.#ahead;
    for (;;) {
      const piece = this.#waiting.shift();
      if (piece !== undefined) {
        this.#atWork.add(nameOf(piece.item));
        return { kind: 'piece', ...piece };
      }
      const other = await this.#take('now');
      if (other !== undefined) return other;
    }
  }

  /** The piece that comes next, if it is in hand. */
  async upcoming(): Promise<ClaimedPiece | undefined> {
    await this.#ahead;
    return this.#waiting[0];
  }

  /** The pieces that come next, as far as they are in hand by now. */
  get waiting(): readonly ClaimedPiece[] {
    return this.#waiting;
  }

  /**
   * To be called when the lane is nearly done with its piece: where it is the last one, the next ones are claimed and
   * read meanwhile. Not earlier, for the last pieces are to go to lanes that have nothing else to do.
   */
  lookAhead(): void {
    if (this.#waiting.length === 0 && this.#more) this.#meanwhile('ahead');
  }

  /** To be called while the lane signs in: its first pieces are claimed and read meanwhile. */
  begin(): void {
    this.#meanwhile('now');
  }

  #meanwhile(when: 'now' | 'ahead'): void {
    if (this.#ahead !== undefined) return;
    // An error comes again, if it lasts, when the lane looks for itself.
    this.#ahead = this.#take(when)
      .catch(() => undefined)
      .finally(() => {
        this.#ahead = undefined;
      });
  }

  /** The piece is done; its item is removed, with others, when the lane looks for work. */
  finished({ item }: ClaimedPiece): void {
    this.#done.push(item);
    this.#atWork.delete(nameOf(item));
  }

  /** The piece is not done; it stays claimed, and comes again before others. Its folder may be closed to those in hand. */
  async interrupted({ item }: ClaimedPiece): Promise<void> {
    this.#atWork.delete(nameOf(item));
    await this.giveBack();
  }

  /** The piece is not done, and nothing of it is in doubt: anybody may go on with it. */
  async unfinished({ item }: ClaimedPiece): Promise<void> {
    this.#atWork.delete(nameOf(item));
    this.#over.push(item);
    await this.giveBack();
  }

  /** Removes what is finished, so that others see it. */
  async removeFinished(): Promise<void> {
    const { keeper, key, services } = this.#lane;
    const done = this.#done.splice(0);
    if (done.length === 0) return;
    if (!keeper.mayWrite()) throw new LeaseLostError();
    await services.state.work.remove(key, done);
    this.#over.push(...done);
    // What may be added again for the same page, while a pass lasts, must be free to be taken then.
    if (done.some(({ kind }) => kind !== 'copy')) await this.#letGo([]);
  }

  /**
   * Lets others have what was claimed and not begun. What somebody else had begun before stays claimed: the claim says
   * that it is in doubt.
   */
  async giveBack(): Promise<void> {
    await this.#ahead;
    await this.#letGo(this.#waiting.splice(0).flatMap(({ item }) => (isFresh(item) ? [item] : [])));
  }

  /** Nothing stays in hand. What cannot be written is as a dead lane leaves it: somebody looks at it once more. */
  async layDown(): Promise<void> {
    await this.#ahead;
    await this.removeFinished().catch(() => undefined);
    await this.giveBack().catch(() => undefined);
  }

  async #letGo(items: readonly WorkItem[]): Promise<void> {
    const { keeper, key, services } = this.#lane;
    const over = this.#over.splice(0);
    await services.state.work.letGo(key, [...items, ...over], keeper.lease);
  }

  /** @returns undefined when pieces were claimed, or others were faster and it is worth another look */
  async #take(when: 'now' | 'ahead'): Promise<NextWork | undefined> {
    const { keeper, key, mailbox, services } = this.#lane;
    // Before the look: of lanes that end together, the last one to remove its work sees that nothing is left.
    if (when === 'now' || this.#done.length >= MOST_FINISHED) await this.removeFinished();
    // As of now: what ends in the course of the look is seen by it as it was before.
    const gone = new Set(this.#done.map(nameOf));
    const atWork = new Set(this.#atWork);
    const allLanes = lanesOf(mailbox, services);
    // All that the lanes may have in hand or not removed yet, and something beyond it.
    const limit = (allLanes + 1) * (2 * MOST_PIECES + MOST_FINISHED);
    const snapshot = await services.state.work.snapshot(key, limit);
    // Whoever plans may be in the middle of writing what is to be done, and wakes the lanes when it is all there.
    if (plannerWorks(services, snapshot.lanes)) return { kind: 'planning' };
    const lanes = workingLanes(services, snapshot.lanes).map(({ lane, fence }) => ({
      lane,
      fence,
      live: true,
    }));
    const over = new Set(this.#over.map(nameOf));
    const work = snapshot.work
      .filter((item) => !gone.has(nameOf(item)))
      .map((item) => (over.has(nameOf(item)) ? unclaimed(item) : item));
    const share = laneShare(work, allLanes);
    const inHand = (item: WorkItem): boolean => atWork.has(nameOf(item));
    const choice = chooseWork(lanes, work, keeper.lease, share, inHand);
    const free = work.filter(({ claim }) => claim === undefined).length;
    this.#more = snapshot.more || free > (choice.kind === 'take' ? choice.work.length : 0);
    if (choice.kind !== 'take') {
      await this.#letGo([]); // whoever ends the pass may add work for the same pages
      return choice;
    }
    // Lanes that have nothing, or are still signing in, come before what this one does next.
    const busy = new Set(work.map(({ claim }) => claim?.lane)).add(keeper.lease.lane);
    const without = allLanes - lanes.filter(({ lane }) => busy.has(lane)).length;
    if (when === 'ahead' && startableShares(lanes, work, keeper.lease, share, inHand).length <= without) {
      this.#more = true;
      return undefined;
    }
    const taken = new Set(choice.work.map(nameOf));
    this.#over = this.#over.filter((item) => !taken.has(nameOf(item)));
    const letGo = this.#over.splice(0, MOST_LET_GO);
    if (!(await services.state.work.claim(key, choice.work, keeper.lease, letGo))) {
      // Others were faster, or took one of the last for a dead lane's.
      await services.state.work.letGo(key, letGo, keeper.lease);
      return undefined;
    }
    // Only now: until it was ours, somebody else may have written the page, or done with it altogether.
    const read = await Promise.all(choice.work.map((item) => this.#read(item)));
    this.#waiting = read.filter((piece) => piece !== undefined);
    this.#over.push(...choice.work.filter((item, index) => read[index] === undefined && isFresh(item)));
    return undefined;
  }

  /** @returns undefined when it is no longer to be done */
  async #read(item: WorkItem): Promise<ClaimedPiece | undefined> {
    const { key, services } = this.#lane;
    const { folders } = this.#memory;
    const isKnown = folders.get(item.folderId)?.epoch === item.epoch;
    const [listed, folder, page] = await Promise.all([
      services.state.work.get(key, item),
      isKnown ? undefined : services.state.folders.get(key, item.folderId),
      item.kind === 'adopt' ? undefined : services.state.pages.get(key, item),
    ]);
    if (listed?.epoch !== item.epoch) return undefined;
    if (folder !== undefined) folders.set(item.folderId, folder);
    return { item: { ...listed, ...(item.claim && { claim: item.claim }) }, page };
  }
}

/** Nobody had claimed it before this lane did. */
function isFresh({ claim }: WorkItem): boolean {
  return claim === undefined;
}

/** What was added anew before the claim on what was there before is let go: nobody has begun it. */
function unclaimed({ claim: _claim, ...item }: WorkItem): WorkItem {
  return item;
}

function nameOf({ folderId, epoch, number, kind }: WorkItem): string {
  return `${folderId}/${epoch}/${number}/${kind}`;
}
