import type { OkAnswer, ResponseHandler } from './response.ts';
import type { Wait } from './wait.ts';

/** A command that was begun and whose tagged answer has not come. */
export class PendingCommand {
  readonly tag: string;
  readonly verb: string;
  readonly wait: Wait;
  readonly handler: ResponseHandler;
  readonly answer: Promise<OkAnswer>;
  /** True once all of it was written: an OK that comes earlier is a lie. */
  complete = false;
  #settled = false;
  #resolve: (answer: OkAnswer) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #leave: ((given: boolean) => void) | undefined;

  constructor(tag: string, verb: string, wait: Wait, handler: ResponseHandler) {
    this.tag = tag;
    this.verb = verb;
    this.wait = wait;
    this.handler = handler;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // whoever began the command hears of it through `answer`; a pipeline may be left before all answers are read
    this.answer.catch(() => undefined);
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Waits for `+`; false when the tagged answer comes instead. */
  waitForLeave(): Promise<boolean> {
    if (this.#settled) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#leave = resolve;
    });
  }

  /** @returns false when nobody was waiting for it */
  giveLeave(): boolean {
    const leave = this.#leave;
    this.#leave = undefined;
    leave?.(true);
    return leave !== undefined;
  }

  succeed(answer: OkAnswer): void {
    this.#settled = true;
    this.handler.answered?.(answer);
    this.#resolve(answer);
    this.#leave?.(false);
  }

  fail(error: Error): void {
    this.#settled = true;
    this.handler.failed?.(error);
    this.#reject(error);
    this.#leave?.(false);
  }
}
