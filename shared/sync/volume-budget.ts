import type { Clock } from '../migration/clock.ts';
import { bytesOfDay, volumeFreeAt } from '../migration/daily-volume.ts';
import type { AccountKey } from '../state/keys.ts';
import type { VolumeRepository } from '../state/volume-repository.ts';
import { DailyVolumeError } from './errors.ts';

/** Bytes that a lane asks for at once: so much is counted and not moved when it dies. */
const GRANT_BYTES = 16_000_000;

/**
 * A lane's part in what an account may move in a day. Bytes are counted before they are moved, by all lanes of all
 * migrations in one place, so that together they never move more (I8).
 */
export class VolumeBudget {
  readonly #volumes: VolumeRepository;
  readonly #account: AccountKey;
  readonly #dailyBytes: number;
  readonly #clock: Clock;
  #granted = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(
    volumes: VolumeRepository,
    options: { readonly account: AccountKey; readonly dailyBytes: number; readonly clock: Clock },
  ) {
    this.#volumes = volumes;
    this.#account = options.account;
    this.#dailyBytes = options.dailyBytes;
    this.#clock = options.clock;
  }

  /** To be called before a message is moved. @throws DailyVolumeError when the day's volume is used */
  take(bytes: number): Promise<void> {
    const taking = this.#turn.then(() => this.#take(bytes));
    this.#turn = taking.catch(() => undefined);
    return taking;
  }

  /** What was granted and not used is others' again. */
  async giveBack(): Promise<void> {
    await this.#turn;
    const unused = this.#granted;
    this.#granted = 0;
    if (unused > 0) await this.#volumes.add(this.#account, -unused);
  }

  async #take(bytes: number): Promise<void> {
    if (bytes > this.#granted) {
      const missing = bytes - this.#granted;
      // Towards the end there may be enough for this message and not for a whole grant.
      if (missing >= GRANT_BYTES || !(await this.#ask(GRANT_BYTES, 'try'))) await this.#ask(missing, 'need');
    }
    this.#granted -= bytes;
  }

  async #ask(bytes: number, how: 'try' | 'need'): Promise<boolean> {
    const hours = await this.#volumes.add(this.#account, bytes);
    const now = this.#clock.now();
    const used = bytesOfDay(hours, now);
    // A message larger than the whole budget goes when nothing else has gone: else it would wait for ever.
    if (used <= this.#dailyBytes || (how === 'need' && used === bytes)) {
      this.#granted += bytes;
      return true;
    }
    const without = await this.#volumes.add(this.#account, -bytes);
    if (how === 'try') return false;
    const { host, side } = this.#account;
    const until = volumeFreeAt(without, this.#dailyBytes, now);
    throw new DailyVolumeError({ side, host, dailyBytes: this.#dailyBytes, until });
  }
}
