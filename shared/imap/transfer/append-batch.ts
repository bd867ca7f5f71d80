import { CommandRefusedError } from '../errors.ts';
import { literalHeader, mustAsk } from '../wire/command-part.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { OpenCommand } from '../wire/open-command.ts';
import { writeParts } from '../wire/write-parts.ts';
import { appendArguments, type AppendHead, mustAskFirst } from './append-arguments.ts';
import { appendedOutcomes, type AppendOutcome, refusedOutcomes } from './append-outcome.ts';
import { BodySizeMismatchError } from './errors.ts';
import type { MessageBody } from './message-body.ts';

export interface AppendBatchOptions {
  readonly connection: ImapConnection;
  readonly mailbox: string;
  /** Asked before whatever is written; throws when it may not be. */
  readonly permit: () => void;
}

/**
 * One APPEND command and its messages: a single one, or several where the server has MULTIAPPEND (RFC 3502), which
 * stores all of them or none. They share one answer.
 */
export class AppendBatch {
  /** The outcome of each message. Rejects when it never comes, or when the server throttles. */
  readonly outcomes: Promise<AppendOutcome[]>;
  readonly #command: OpenCommand;
  readonly #options: AppendBatchOptions;
  #messages = 0;
  #bytes = 0;
  /** The server has refused what it was asked leave for: not even a line end may follow. */
  #turnedAway = false;

  constructor(command: OpenCommand, options: AppendBatchOptions) {
    this.#command = command;
    this.#options = options;
    this.outcomes = command.answer.then(
      (answer) => appendedOutcomes(answer, this.#messages),
      (error: unknown) => {
        if (error instanceof CommandRefusedError) return refusedOutcomes(error, this.#messages);
        throw error;
      },
    );
  }

  get messages(): number {
    return this.#messages;
  }

  /** Bytes of its messages. */
  get bytes(): number {
    return this.#bytes;
  }

  /** True once the server has answered. It may do so before it has everything: then it has refused. */
  get answered(): boolean {
    return this.#command.answered;
  }

  /**
   * Writes a message; where the server turns it away before its body was sent, reads the body for nothing.
   *
   * @param first what was read of the body
   * @throws what the body throws, what `permit` throws, BodySizeMismatchError: then the command cannot be ended
   */
  async add(head: AppendHead, body: MessageBody, first: Uint8Array | 'end'): Promise<void> {
    this.#messages += 1;
    this.#bytes += head.size;
    if (await this.#writeHead(head)) return this.#writeBody(head.size, body, first);
    this.#turnedAway = true;
    if (first !== 'end') await body.drain();
  }

  /** The outcome of the message that was added last. */
  outcome(): Promise<AppendOutcome> {
    const index = this.#messages - 1;
    const outcome = this.outcomes.then((outcomes) => {
      const own = outcomes[index];
      if (own === undefined) throw new RangeError('A message was added to an APPEND that was answered.');
      return own;
    });
    // whoever sent the message hears of it; until then it is nobody's oversight
    outcome.catch(() => undefined);
    return outcome;
  }

  /** Ends the command. @throws what `permit` throws */
  end(): void {
    this.#options.permit();
    if (!this.#turnedAway) this.#command.end();
  }

  /** Lets the next command be written. */
  release(): void {
    this.#command.release();
  }

  /** @returns false when the server refused the message before its body was sent */
  async #writeHead(head: AppendHead): Promise<boolean> {
    const { connection, mailbox, permit } = this.#options;
    permit();
    if (this.#messages === 1) {
      const before = ['APPEND ', connection.mailbox(mailbox)];
      if (!(await writeParts(this.#command, before, connection.literalMode))) return false;
    }
    const mode = mustAskFirst(head) ? 'synchronising' : connection.literalMode;
    this.#command.write(` ${appendArguments(head)}${literalHeader(mode, head.size)}\r\n`);
    return !mustAsk(mode, head.size) || this.#command.leave();
  }

  async #writeBody(size: number, body: MessageBody, first: Uint8Array | 'end'): Promise<void> {
    let sent = 0;
    for (let chunk = first; chunk !== 'end'; chunk = body.poll() ?? (await this.#nextChunk(body))) {
      sent += chunk.length;
      if (sent > size) throw new BodySizeMismatchError(size, sent);
      this.#options.permit();
      this.#command.write(chunk);
      const room = this.#command.room();
      if (room !== undefined) await room;
    }
    if (sent !== size) throw new BodySizeMismatchError(size, sent);
  }

  /** The source may be slower than the destination is patient. */
  async #nextChunk(body: MessageBody): Promise<Uint8Array | 'end'> {
    const resume = this.#command.holdDeadline();
    try {
      return await body.next();
    } finally {
      resume();
    }
  }
}
