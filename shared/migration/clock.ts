/** Time as a parameter, so that tests own it. */
export interface Clock {
  /** Wall time, ms since the epoch; may jump when the machine's clock is set. */
  now(): number;
  /** ms since an arbitrary moment, never going back; for leases, deadlines and rates. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
