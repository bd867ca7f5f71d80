import type { Clock } from '../migration/clock.ts';
import type { LaneLease, LaneProgress, LaneRepository, Released } from '../state/lane-repository.ts';
import { LeaseLostError } from './errors.ts';
import type { InvocationBudget } from './invocation-budget.ts';

/** Ms. A lease outlives three missed renewals, and a dead worker is found within a minute. */
export const LEASE_MS = 60_000;
/** Ms before the lease's end at which nothing more is sent: a write that has left may still take this long. */
const SAFETY_MS = 15_000;
/** Ms from a stop request to the hard end: a large message in flight may end, an endless one may not. */
const STOP_GRACE_MS = 35_000;

/** What a lane has done so far; counted up by whoever works with it, carried to the table by each renewal. */
export type RunningProgress = { -readonly [Figure in keyof LaneProgress]: LaneProgress[Figure] };

export interface LaneKeeper {
  readonly lease: LaneLease;
  /** Aborts when the lease is lost, or when a stop has waited long enough. */
  readonly signal: AbortSignal;
  readonly progress: RunningProgress;
  /** False when the lease may have lapsed (paused process, slow table): nothing more may be sent. */
  mayWrite(): boolean;
  /** True when the admin asked to stop or the time budget is used: end at the next message. */
  shouldYield(): boolean;
  stopRequested(): boolean;
  release(): Promise<Released>;
}

/**
 * Holds a lane for a worker: renews its lease in the background, carries the progress with each renewal, and sees a
 * stop. Judges by the monotonic clock, so that a clock that jumps can shorten a lease but never lengthen it.
 */
export function keepLane(
  lanes: LaneRepository,
  lease: LaneLease,
  options: {
    clock: Clock;
    budget: InvocationBudget;
    /** Ms between two renewals, at most a sixth of the lease. */
    renewMs: number;
    progress: RunningProgress;
    /** Monotonic time from before the lease was asked for: the table counts from then on. */
    askedAt: number;
  },
): LaneKeeper {
  const { budget, clock } = options;
  const controller = new AbortController();
  const abort = (cause: unknown): void => controller.abort(cause);
  const onOuterAbort = (): void => abort(budget.signal.reason);
  if (budget.signal.aborted) onOuterAbort();
  budget.signal.addEventListener('abort', onOuterAbort, { once: true });

  let safeUntil = options.askedAt + LEASE_MS - SAFETY_MS;
  let stopping = false;
  let released = false;
  let stopTimer: NodeJS.Timeout | undefined;
  let renewal: Promise<void> = Promise.resolve();

  const renew = async (): Promise<void> => {
    const asked = clock.monotonic();
    try {
      const answer = await lanes.renew(lease, {
        now: clock.now(),
        leaseMs: LEASE_MS,
        progress: { ...options.progress },
      });
      if (released) return;
      if (answer === 'lost') return abort(new LeaseLostError());
      safeUntil = asked + LEASE_MS - SAFETY_MS;
      if (answer.stop && !stopping) {
        stopping = true;
        stopTimer = setTimeout(() => abort(new LeaseLostError()), STOP_GRACE_MS);
      }
    } catch (error) {
      // The table may be out of reach for a moment; the lease itself decides when it is too late.
      if (clock.monotonic() > safeUntil) abort(new LeaseLostError({ cause: error }));
    }
  };
  const timer = setInterval(() => {
    renewal = renewal.then(renew);
  }, options.renewMs);

  return {
    lease,
    signal: controller.signal,
    progress: options.progress,
    mayWrite: () => !controller.signal.aborted && clock.monotonic() < safeUntil,
    shouldYield: () => stopping || budget.isUsed(),
    stopRequested: () => stopping,
    async release() {
      released = true;
      clearInterval(timer);
      clearTimeout(stopTimer);
      budget.signal.removeEventListener('abort', onOuterAbort);
      await renewal;
      return lanes.release(lease, options.progress);
    },
  };
}
