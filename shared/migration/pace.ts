/** Messages a second that all lanes of a mailbox send together. */
export interface Pace {
  readonly perSecond: number;
  /** Ms since the epoch from which on it grows. */
  readonly since: number;
}

const MINUTE_MS = 60_000;
const GROWTH_PER_MINUTE = 1.1;
const SLOWEST = 0.2;
/** No server that told us to slow down took so many; above it the pace is nobody's limit any more. */
const FREE_FROM = 100;

/** @returns messages a second; undefined when nothing holds the mailbox back */
export function paceAt(pace: Pace | undefined, now: number): number | undefined {
  if (pace === undefined) return undefined;
  const minutes = Math.max(0, now - pace.since) / MINUTE_MS;
  const perSecond = pace.perSecond * GROWTH_PER_MINUTE ** minutes;
  return perSecond < FREE_FROM ? perSecond : undefined;
}

/** The slowest of several, at one time. */
export function slowestPace(paces: ReadonlyArray<Pace | undefined>, now: number): number | undefined {
  const known = paces.map((pace) => paceAt(pace, now)).filter((perSecond) => perSecond !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/**
 * The pace after a server asked to slow down: half of what it was too fast for.
 * @param input.perSecond at which the mailbox was allowed to send then
 * @param input.measured what the lanes really sent; 0 when that says nothing
 * @param input.resumesAt ms since the epoch
 */
export function slowedPace(input: {
  readonly perSecond: number | undefined;
  readonly measured: number;
  readonly resumesAt: number;
}): Pace | undefined {
  const { measured, perSecond = Number.POSITIVE_INFINITY, resumesAt } = input;
  const tooFast = Math.min(perSecond, measured > 0 ? measured : perSecond);
  if (!Number.isFinite(tooFast)) return undefined;
  return { perSecond: Math.max(SLOWEST, tooFast / 2), since: resumesAt };
}
