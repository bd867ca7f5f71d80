import { PAGE_SIZE } from './uid-window.ts';
import type { WorkKind } from './work-kind.ts';

/** How much a lane takes at once, at most; one piece in any case. */
export interface LaneShare {
  readonly pieces: number;
  /** As {@link weightOf} counts them. */
  readonly messages: number;
}

/** A piece of work as it is weighed. */
interface Weighed {
  readonly kind: WorkKind;
  readonly messages?: number;
  readonly claim?: unknown;
}

/** So few messages are not worth being shared out. */
const LEAST_MESSAGES = 100;
/** As much as a lane does in seconds: what it has claimed waits no longer for its turn. */
const MOST_MESSAGES = 2000;
/** Pieces that a lane claims at once. */
export const MOST_PIECES = 16;
/** So many messages are looked at in the time in which one is copied. */
const LOOKS_PER_COPY = 10;

/** Messages that take as long to copy as this piece takes. */
export function weightOf({ kind, messages = PAGE_SIZE }: Weighed): number {
  return kind === 'flags' ? messages / LOOKS_PER_COPY : messages;
}

/**
 * How much of the work that is left one of `lanes` lanes takes at once: less and less towards the end, so that no
 * lane has much left to do when the others have nothing any more.
 */
export function laneShare(work: readonly Weighed[], lanes: number): LaneShare {
  const free = work.filter(({ claim }) => claim === undefined);
  const weight = free.reduce((sum, piece) => sum + weightOf(piece), 0);
  const messages = Math.min(MOST_MESSAGES, Math.max(LEAST_MESSAGES, Math.floor(weight / lanes)));
  return { pieces: MOST_PIECES, messages };
}
