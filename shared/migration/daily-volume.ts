const HOUR_MS = 3_600_000;
/** A day and the hour that is not over: whatever is not counted any more is 24 hours old. */
const HOURS_COUNTED = 25;
/** As a part of the budget: who waits goes on when it is worth it. */
const WORTH_WAITING_FOR = 0.1;

/** Bytes that went to or came from one account, by the hour since the epoch. */
export type HourlyBytes = ReadonlyMap<number, number>;

/** @param now ms since the epoch */
export function hourOf(now: number): number {
  return Math.floor(now / HOUR_MS);
}

/** Hours that are not counted any more. */
export function hoursPast(hours: HourlyBytes, now: number): number[] {
  return [...hours.keys()].filter((hour) => hour <= hourOf(now) - HOURS_COUNTED);
}

/** Bytes of the last 24 hours, and of up to one before. */
export function bytesOfDay(hours: HourlyBytes, now: number): number {
  const past = new Set(hoursPast(hours, now));
  return [...hours].reduce((sum, [hour, bytes]) => (past.has(hour) ? sum : sum + bytes), 0);
}

/**
 * When a tenth of a used budget is free again.
 * @param dailyBytes the budget of any 24 hours
 * @returns ms since the epoch: the beginning of an hour, or `now` when so much is free already
 */
export function volumeFreeAt(hours: HourlyBytes, dailyBytes: number, now: number): number {
  let used = bytesOfDay(hours, now);
  const most = dailyBytes * (1 - WORTH_WAITING_FOR);
  let freeAt = now;
  const past = new Set(hoursPast(hours, now));
  for (const [hour, bytes] of [...hours].toSorted(([a], [b]) => a - b)) {
    if (used <= most) break;
    if (past.has(hour)) continue;
    used -= bytes;
    freeAt = (hour + HOURS_COUNTED) * HOUR_MS;
  }
  return freeAt;
}
