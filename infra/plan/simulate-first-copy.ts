import { CopyHistory, type CopyMoment } from './copy-history.ts';
import { EventQueue } from './event-queue.ts';

/** Seconds everywhere; "lane seconds" are those of one lane at work, sign-in left out. */
export interface FirstCopyFacts {
  readonly mailboxes: number;
  /** Lanes of one mailbox. */
  readonly lanes: number;
  /** Lane seconds of one mailbox. */
  readonly copySeconds: number;
  /** Lane seconds that the provider allows one mailbox in a day. */
  readonly secondsPerDay: number;
  /** Until the planner begins to copy. */
  readonly planSeconds: number;
  /** For how long the planner goes on as the first lane. */
  readonly goOnSeconds: number;
  readonly laneStartSeconds: number;
  /** After so long a lane goes back to the end of the queue. */
  readonly turnSeconds: number;
  readonly planners: number;
  readonly workers: number;
  /** After so long the timer wakes a mailbox that waits, and again and again. */
  readonly wakeSeconds: number;
  /** Most that the timer wakes. */
  readonly wakesPerSecond: number;
}

export interface FirstCopy {
  /** Until the last mailbox is in step. */
  readonly seconds: number;
  /** Until half of them are. */
  readonly halfSeconds: number;
  /** Of all planners. */
  readonly plannerSeconds: number;
  /** Of all other lanes, sign-ins included. */
  readonly laneSeconds: number;
  /** Runs of other lanes. */
  readonly turns: number;
  /** Wake-ups by the timer for mailboxes that only waited for their turn. */
  readonly wakes: number;
  readonly peakWorkers: number;
  readonly peakPlanners: number;
  readonly moments: readonly CopyMoment[];
}

/** More than so many are moved in bundles, as if a bundle were one mailbox with all their lanes. */
const MOST_BUNDLES = 20_000;
/** With more turns than this, turns are made longer: who waits for whom then is told more coarsely. */
const MOST_TURNS = 400_000;
const DAY = 86_400;
/** Lane seconds that are nothing but rounding. */
const NEXT_TO_NOTHING = 1e-6;

interface Bundle {
  readonly mailboxes: number;
  /** Lane seconds. */
  left: number;
  /** Lane seconds until the provider's day is used up. */
  allowed: number;
  dayFrom: number;
  /** Its planner, and its place in the queue of lanes: the pass is over with the last. */
  parts: number;
  /** Until then the planner is one of the lanes. */
  plannerUntil: number;
  /** Lanes that do not end with the turn, which ends only because the planner leaves. */
  kept: number;
}

type Happening =
  | { readonly kind: 'planned'; readonly bundle: Bundle; readonly slots: number }
  | { readonly kind: 'planner-ended'; readonly bundle: Bundle; readonly slots: number }
  | { readonly kind: 'turn-ended'; readonly bundle: Bundle; readonly slots: number; readonly worked: number }
  | { readonly kind: 'next-day'; readonly bundle: Bundle };

/**
 * The first copy of many mailboxes that are started together: all wait for a planner, then for workers, in the order of
 * their coming; who has used the provider's day waits for the next. Lanes share the work of their mailbox.
 */
export function simulateFirstCopy(facts: FirstCopyFacts): FirstCopy {
  const bundles = bundlesOf(facts);
  const turnSeconds =
    facts.turnSeconds * Math.max(1, (bundles.length * facts.copySeconds) / facts.turnSeconds / MOST_TURNS);
  const events = new EventQueue<Happening>();
  const history = new CopyHistory(facts.mailboxes);
  const waiting: Bundle[] = [];
  let waitingFrom = 0;
  let unplanned = 0;
  const free = { planners: facts.planners, workers: facts.workers };
  let turns = 0;
  let idle = facts.mailboxes;
  let now = 0;

  const partEnded = (bundle: Bundle): void => {
    bundle.parts -= 1;
    if (bundle.parts === 0) history.synced(now, bundle.mailboxes);
  };
  const begin = (): void => {
    for (; free.planners > 0 && unplanned < bundles.length; unplanned += 1) {
      const bundle = bundles[unplanned];
      if (bundle === undefined) break;
      const slots = Math.min(free.planners, bundle.mailboxes);
      free.planners -= slots;
      idle -= bundle.mailboxes;
      events.add(now + (facts.planSeconds * bundle.mailboxes) / slots, { kind: 'planned', bundle, slots });
    }
    for (; free.workers > 0 && waitingFrom < waiting.length; waitingFrom += 1) {
      const bundle = waiting[waitingFrom];
      if (bundle === undefined) break;
      idle -= bundle.mailboxes;
      beginTurn(bundle);
    }
    history.busy({
      at: now,
      workers: facts.workers - free.workers,
      planners: facts.planners - free.planners,
      waiting: idle,
    });
  };
  const beginTurn = (bundle: Bundle): void => {
    const untilPlannerLeaves = bundle.plannerUntil - now;
    const withPlanner = untilPlannerLeaves > NEXT_TO_NOTHING;
    const slots = Math.min(free.workers, bundle.mailboxes * (facts.lanes - (withPlanner ? 1 : 0)));
    free.workers -= slots;
    turns += Math.max(0, slots - bundle.kept);
    const startSeconds = bundle.kept > 0 ? 0 : facts.laneStartSeconds;
    bundle.kept = withPlanner ? slots : 0;
    const longest = withPlanner ? Math.max(0, untilPlannerLeaves - startSeconds) : turnSeconds;
    const worked = Math.min(bundle.left, bundle.allowed, longest * slots);
    events.add(now + startSeconds + worked / slots, { kind: 'turn-ended', bundle, slots, worked });
  };
  const copyAsPlanner = (bundle: Bundle, slots: number): void => {
    const { mailboxes } = bundle;
    bundle.dayFrom = now;
    const othersCome = waitingFrom === waiting.length && free.workers >= mailboxes * (facts.lanes - 1);
    const share = facts.copySeconds / (othersCome ? facts.lanes : 1);
    const worked = Math.min(bundle.allowed, mailboxes * Math.min(share, facts.goOnSeconds));
    bundle.left -= worked;
    bundle.allowed -= worked;
    bundle.plannerUntil = now + worked / slots;
    events.add(bundle.plannerUntil, { kind: 'planner-ended', bundle, slots });
    const isLeft = bundle.left > NEXT_TO_NOTHING;
    bundle.parts = isLeft ? 2 : 1;
    if (isLeft && facts.lanes > 1) goOn(bundle);
  };
  const enqueue = (bundle: Bundle): void => {
    waiting.push(bundle);
    idle += bundle.mailboxes;
  };
  const goOn = (bundle: Bundle): void => {
    if (bundle.allowed > NEXT_TO_NOTHING) enqueue(bundle);
    else events.add(Math.max(now, bundle.dayFrom + DAY), { kind: 'next-day', bundle });
  };

  begin();
  for (let next = events.next(); next !== undefined; next = events.next()) {
    now = next.at;
    const { event } = next;
    const { bundle } = event;
    switch (event.kind) {
      case 'planned':
        copyAsPlanner(bundle, event.slots);
        break;
      case 'planner-ended':
        free.planners += event.slots;
        partEnded(bundle);
        if (bundle.left > NEXT_TO_NOTHING && facts.lanes === 1) goOn(bundle);
        break;
      case 'turn-ended':
        free.workers += event.slots;
        bundle.left -= event.worked;
        bundle.allowed -= event.worked;
        if (bundle.left <= NEXT_TO_NOTHING) partEnded(bundle);
        else if (bundle.kept > 0 && bundle.allowed > NEXT_TO_NOTHING) beginTurn(bundle);
        else goOn(bundle);
        break;
      case 'next-day':
        bundle.dayFrom = now;
        bundle.allowed = facts.secondsPerDay * bundle.mailboxes;
        enqueue(bundle);
        break;
    }
    begin();
  }
  const wakes = history.wakes(now, facts.wakeSeconds, facts.wakesPerSecond);
  return { ...history.told(now), turns, wakes };
}

function bundlesOf({ mailboxes, copySeconds, secondsPerDay }: FirstCopyFacts): Bundle[] {
  const bundles = Math.min(mailboxes, MOST_BUNDLES);
  return Array.from({ length: bundles }, (_, index) => {
    const size = Math.floor(mailboxes / bundles) + (index < mailboxes % bundles ? 1 : 0);
    return {
      mailboxes: size,
      left: copySeconds * size,
      allowed: secondsPerDay * size,
      dayFrom: 0,
      parts: 0,
      plannerUntil: 0,
      kept: 0,
    };
  });
}
