import type { Clock } from '../../shared/migration/clock.ts';

/** The system's clock, which a test can put forward: the wall's alone (leases lapse), not what measures durations. */
export interface MovableClock extends Clock {
  forward(ms: number): void;
}

export function movableClock(): MovableClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    monotonic: () => performance.now(),
    forward(ms) {
      offset += ms;
    },
  };
}
