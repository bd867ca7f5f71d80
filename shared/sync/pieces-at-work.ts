import { Turn } from '../imap/wire/turn.ts';
import type { Performed } from './perform-work.ts';
import type { PieceTurn } from './piece-turn.ts';
import type { ClaimedPiece } from './work-in-hand.ts';

interface EndedPiece {
  readonly piece: ClaimedPiece;
  readonly performed: Performed;
}

/**
 * The pieces that a lane is at: one that uses the connections, and others that wait for their last answers. Over a long
 * way most of the time of a small piece is that wait.
 */
export class PiecesAtWork {
  readonly #turn = new Turn();
  readonly #failed = Promise.withResolvers<never>();
  #failure: { readonly error: unknown } | undefined;
  readonly #open = new Set<Promise<void>>();
  #ended: EndedPiece[] = [];

  constructor() {
    this.#failed.promise.catch(() => undefined); // heard by whoever waits for a turn
  }

  /** Pieces that have not ended. */
  get size(): number {
    return this.#open.size;
  }

  /** Waits until no piece has the turn. @throws what a piece failed with, as soon as it has */
  async turn(): Promise<PieceTurn> {
    const turn = new HeldTurn(this.#turn);
    const taking = turn.take();
    try {
      await Promise.race([taking, this.#failed.promise]);
      if (this.#failure !== undefined) throw this.#failure.error;
      return turn;
    } catch (error) {
      void taking.then(() => turn.pass());
      throw error;
    }
  }

  /** Begins a piece, whose turn is over at its end at the latest. */
  begin(piece: ClaimedPiece, turn: PieceTurn, work: () => Promise<Performed>): void {
    const run = async (): Promise<void> => {
      try {
        this.#ended.push({ piece, performed: await work() });
      } catch (error) {
        this.#failure ??= { error };
        this.#failed.reject(error);
      }
    };
    const running = run().finally(() => {
      this.#open.delete(running);
      turn.pass();
    });
    this.#open.add(running);
  }

  /** What became of the pieces that have ended since the last call. */
  takeEnded(): EndedPiece[] {
    return this.#ended.splice(0);
  }

  /** Returns at once when all have ended meanwhile. */
  async oneEnds(): Promise<void> {
    if (this.#open.size > 0) await Promise.race(this.#open);
  }

  async allEnd(): Promise<void> {
    await Promise.all(this.#open);
  }
}

class HeldTurn implements PieceTurn {
  readonly #turn: Turn;
  #end: (() => void) | undefined;

  constructor(turn: Turn) {
    this.#turn = turn;
  }

  pass(): void {
    this.#end?.();
    this.#end = undefined;
  }

  async take(): Promise<void> {
    this.#end ??= await this.#turn.take();
  }
}
