import type { ChunkMessage, PassMessage } from '../../shared/queue/queue-messages.ts';
import type { Queues } from '../../shared/queue/queues.ts';

type Wake = { readonly queue: 'passes'; readonly message: PassMessage } | ChunkWake;
type ChunkWake = { readonly queue: 'chunks'; readonly message: ChunkMessage };

/** Queues whose messages a test delivers by hand: all of them, once or often, in any order, or never. */
export class QueuePump implements Queues {
  waiting: Wake[] = [];
  /** Messages that were ever sent. */
  sent = 0;

  /** Sent with a delay: they come when nobody works any more. */
  #later: Wake[] = [];

  sendPasses: Queues['sendPasses'] = (messages, options) => {
    for (const message of messages) this.#put({ queue: 'passes', message }, options);
    return Promise.resolve();
  };

  sendChunks: Queues['sendChunks'] = (messages, options) => {
    for (const message of messages) this.#put({ queue: 'chunks', message }, options);
    return Promise.resolve();
  };

  /** Delivers until nothing waits and nobody works; what is sent meanwhile is delivered at once. */
  async deliver(
    handle: {
      passes: (message: PassMessage) => Promise<void>;
      chunks: (message: ChunkMessage) => Promise<void>;
    },
    options: { times?: number; upTo?: number } = {},
  ): Promise<void> {
    const running = new Set<Promise<void>>();
    let delivered = 0;
    let failure: { error: unknown } | undefined;
    const start = (wake: Wake): void => {
      const work = wake.queue === 'passes' ? handle.passes(wake.message) : handle.chunks(wake.message);
      const tracked: Promise<void> = work
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(tracked));
      running.add(tracked);
    };
    for (;;) {
      for (const wake of this.waiting.splice(0)) {
        delivered += 1;
        if (delivered > (options.upTo ?? 1_000))
          throw new RangeError('The engine sends messages without end.');
        for (let time = 0; time < (options.times ?? 1); time += 1) start(wake);
      }
      if (running.size === 0) {
        if (this.#later.length === 0) break;
        this.waiting.push(...this.#later.splice(0));
        continue;
      }
      await Promise.race(running);
    }
    if (failure !== undefined) throw failure.error;
  }

  #put(wake: Wake, { delaySeconds = 0 }: { readonly delaySeconds?: number } = {}): void {
    this.sent += 1;
    (delaySeconds > 0 ? this.#later : this.waiting).push(wake);
  }
}
