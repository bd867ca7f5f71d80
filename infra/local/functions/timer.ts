import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScheduledEvent } from 'aws-lambda';
import { type InvocationSurroundings, invokeFunction } from './invoke-function.ts';
import type { LocalFunction } from './local-function.ts';

/** `boot` tells the function that the work of a dead predecessor may lie about. */
export type TimerDetail = { readonly boot?: true };
export type TimerFunction = LocalFunction<ScheduledEvent<TimerDetail>, unknown>;

export interface TimerOptions extends InvocationSurroundings {
  readonly fn: TimerFunction;
  readonly periodSeconds: number;
  /** Resolves after so many ms, rejects when the signal fires; tests pass their own. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * An EventBridge rule with a rate. It fires at once and then after every period; a firing is left out while the one
 * before still runs. Until an invocation has returned, the events carry `boot`: a first one that fails is made good
 * by the next.
 */
export class Timer {
  readonly #options: TimerOptions;
  readonly #stopped = new AbortController();
  readonly #loop: Promise<void>;
  #booted = false;
  #running: Promise<void> | undefined;

  constructor(options: TimerOptions) {
    this.#options = options;
    this.#loop = this.#run();
  }

  /** Fires no more; resolves when the invocation that runs has ended. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#loop;
    await this.#running;
  }

  async #run(): Promise<void> {
    const pause = this.#options.sleep ?? defaultSleep;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      this.#fire();
      await pause(this.#options.periodSeconds * 1000, signal).catch(() => undefined);
    }
  }

  #fire(): void {
    if (this.#running !== undefined) return;
    this.#running = this.#invoke().finally(() => {
      this.#running = undefined;
    });
  }

  async #invoke(): Promise<void> {
    const { fn, clock } = this.#options;
    const event: ScheduledEvent<TimerDetail> = {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: '000000000000',
      region: 'us-east-1',
      time: new Date(clock.now()).toISOString(),
      resources: [`arn:aws:events:us-east-1:000000000000:rule/${fn.name}`],
      detail: this.#booted ? {} : { boot: true },
    };
    const outcome = await invokeFunction(fn, event, this.#options);
    if (outcome.kind === 'returned') this.#booted = true;
  }
}

async function defaultSleep(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
