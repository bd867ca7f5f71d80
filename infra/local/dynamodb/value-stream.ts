import { Stream } from 'node:stream';
import type { LevelDatabase, LevelRange, LevelValues } from 'dynalite/db/index.js';

/** What is read in one go: as much as DynamoDB puts into one answer. */
const PIECE = { items: 1000, bytes: 1_048_576 };

/**
 * The values of a range, as the old kind of stream: it emits `data` for each and `end` as fast as the database reads,
 * until it is destroyed. dynalite listens to the events alone and keeps all that comes, so there is nothing to hold
 * back for.
 */
export class ValueStream extends Stream {
  readonly #values: LevelValues;
  #destroyed = false;

  constructor(db: LevelDatabase, range: LevelRange) {
    super();
    this.#values = db.values({ ...range, highWaterMarkBytes: PIECE.bytes });
    this.#read().then(
      () => this.emit('end'),
      (error: unknown) => this.emit('error', error),
    );
  }

  destroy(): void {
    this.#destroyed = true;
  }

  async #read(): Promise<void> {
    try {
      while (!this.#destroyed) {
        const values = await this.#values.nextv(PIECE.items);
        if (values.length === 0) return;
        for (const value of values) {
          if (this.#destroyed) return;
          this.emit('data', value);
        }
      }
    } finally {
      await this.#values.close();
    }
  }
}
