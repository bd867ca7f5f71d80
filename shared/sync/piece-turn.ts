/**
 * The use of a lane's connections for more than appending. One piece of work has it at a time; it lets the next one in
 * as soon as it waits for nothing but answers to what it has appended.
 */
export interface PieceTurn {
  /** Lets the next piece begin. Does nothing when it was let in already. */
  pass(): void;
  /** Has the turn again, after whoever was let in has passed it on. Does nothing while the piece has it. */
  take(): Promise<void>;
}
