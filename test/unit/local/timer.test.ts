import type { ScheduledEvent } from 'aws-lambda';
import { Drain } from '../../../infra/local/functions/drain.ts';
import { Timer, type TimerDetail } from '../../../infra/local/functions/timer.ts';
import { silentLogger } from '../../../infra/local/local-logger.ts';
import { eventually } from '../../support/eventually.ts';
import { ManualClock } from './manual-clock.ts';

/** A sleep that ends when the test says so. */
class Pause {
  #wake: (() => void) | undefined;
  readonly asked: number[] = [];

  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> => {
    this.asked.push(ms);
    return new Promise((resolve) => {
      this.#wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  };

  end(): void {
    this.#wake?.();
  }
}

describe('the timer', () => {
  const clock = new ManualClock();
  const surroundings = { clock, logger: silentLogger, drain: new Drain(clock) };
  let events: ScheduledEvent<TimerDetail>[];
  let answers: (() => Promise<unknown>)[];
  let pause: Pause;
  let timer: Timer | undefined;

  beforeEach(() => {
    events = [];
    answers = [];
    pause = new Pause();
  });
  afterEach(async () => {
    await timer?.stop();
  });

  function start(): Timer {
    timer = new Timer({
      ...surroundings,
      fn: {
        name: 'resync-timer',
        timeoutMs: 60_000,
        memoryMb: 128,
        handler: async (event) => {
          events.push(event);
          return answers.shift()?.();
        },
      },
      periodSeconds: 60,
      sleep: pause.sleep,
    });
    return timer;
  }

  async function tick(count: number): Promise<void> {
    await eventually('the timer waits', () => pause.asked.length === count);
    // Lets an invocation that has returned be noted as ended.
    await new Promise(setImmediate);
    pause.end();
    await eventually('the timer waits again', () => pause.asked.length === count + 1);
  }

  test('fires at once and tells the function that the process has just begun, and then after each period', async () => {
    start();
    await tick(1);
    await tick(2);
    expect(events.map((event) => event.detail)).toEqual([{ boot: true }, {}, {}]);
    expect(events[0]).toMatchObject({
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      time: new Date(clock.now()).toISOString(),
    });
    expect(pause.asked).toEqual([60_000, 60_000, 60_000]);
  });

  test('goes on telling that it has begun until the function has taken it', async () => {
    answers = [() => Promise.reject(new Error('not yet'))];
    start();
    await tick(1);
    await tick(2);
    expect(events.map((event) => event.detail)).toEqual([{ boot: true }, { boot: true }, {}]);
  });

  test('leaves out a firing while the one before still runs', async () => {
    const slow = Promise.withResolvers<void>();
    answers = [() => slow.promise];
    start();
    await tick(1);
    await tick(2);
    expect(events).toHaveLength(1);
    slow.resolve();
    await tick(3);
    expect(events).toHaveLength(2);
  });

  test('stops when the invocation that runs has ended, and fires no more', async () => {
    const slow = Promise.withResolvers<void>();
    answers = [() => slow.promise];
    const ended: string[] = [];
    const stopping = start()
      .stop()
      .then(() => ended.push('timer'));
    await eventually('the function runs', () => events.length === 1);
    ended.push('function');
    slow.resolve();
    await stopping;
    expect(ended).toEqual(['function', 'timer']);
    expect(events).toHaveLength(1);
  });
});
