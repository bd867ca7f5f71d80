import { EventEmitter, once } from 'node:events';
import type { LocalHandler } from './local-function.ts';

/** Tells whoever waits that an invocation has ended, well or badly. */
export class EndWatch {
  readonly #ends = new EventEmitter().setMaxListeners(0);

  /** Resolves at the end of the next invocation. @throws the AbortError of the signal */
  async nextEnd(signal: AbortSignal): Promise<void> {
    await once(this.#ends, 'end', { signal });
  }

  /** The same handler, watched. */
  watched<Event, Result>(handler: LocalHandler<Event, Result>): LocalHandler<Event, Result> {
    return async (event, context) => {
      try {
        return await handler(event, context);
      } finally {
        this.#ends.emit('end');
      }
    };
  }
}
