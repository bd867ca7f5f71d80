import type { OkAnswer } from './response.ts';

/** A command that is being written, by somebody who has the connection's writing side to itself until `end`. */
export interface OpenCommand {
  /** Settles with the tagged answer; rejects when refused, throttled, or when the connection ends. */
  readonly answer: Promise<OkAnswer>;
  /** True once the server has given its tagged answer, which it may do before it has everything. */
  readonly answered: boolean;
  /** Text is written with one byte per character. */
  write(data: string | Uint8Array): void;
  /** Wait for this before the next write where it is not undefined: the socket is full. Rejects when the connection ends. */
  room(): Promise<void> | undefined;
  /**
   * Waits for the server's leave to send a literal that was announced without `+`.
   * @returns false when it answered the command instead: the literal must not be sent, nor the line end
   */
  leave(): Promise<boolean>;
  /** While we wait for our own data the server's silence is no fault of its own. Call the result when the wait is over. */
  holdDeadline(): () => void;
  /** Ends the command's last line and lets the next writer in. */
  end(): void;
  /** Lets the next writer in without writing anything: after a refused literal. */
  release(): void;
}
