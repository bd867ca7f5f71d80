import { CommandRefusedError, ConnectionClosedError, type ImapError, ThrottledError } from '../errors.ts';
import { literalHeader, mustAsk } from '../wire/command-part.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { OpenCommand } from '../wire/open-command.ts';
import type { Wait } from '../wire/wait.ts';
import { writeParts } from '../wire/write-parts.ts';
import { appendArguments, type AppendHead, appendLimitOf, refuseUnsent } from './append-arguments.ts';
import { parseAppendUid } from './append-uid.ts';
import { AppendWindow } from './append-window.ts';
import { BodySizeMismatchError, LeaseLapsedError, TransferError } from './errors.ts';

export interface AppendRequest extends AppendHead {
  /** Exactly `size` bytes. */
  readonly body: AsyncIterable<Uint8Array>;
}

export type AppendOutcome =
  /** `uid` and `uidValidity` where the server has UIDPLUS. */
  { kind: 'appended'; uid?: number; uidValidity?: number } | { kind: 'refused'; error: ImapError };

export interface Appender {
  /**
   * Resolves when the last byte of the body has been handed to the socket; waits for room in the window first.
   * One at a time. `outcome` settles with the server's answer; it rejects only when the connection is lost, so that
   * nobody knows what became of the message, or when the server throttles.
   *
   * The body is always read to its end, or told to `return`.
   *
   * @throws LeaseLapsedError, BodySizeMismatchError, what the body throws, each after destroying the connection;
   * ThrottledError when an earlier message was throttled; what ended the connection
   */
  append(message: AppendRequest): Promise<{ outcome: Promise<AppendOutcome> }>;
  /** Resolves when every outcome has settled, well or badly. */
  flush(): Promise<void>;
}

export interface AppenderOptions {
  wait: Wait;
  /** Messages in flight, default 256. */
  windowMessages?: number;
  /** Bytes of bodies in flight, default 16 MiB. A larger message goes alone. */
  windowBytes?: number;
  /** Asked before every command and every chunk; false: the connection is destroyed, so that the server discards a half-sent message. */
  mayWrite?: () => boolean;
}

const WINDOW_MESSAGES = 256;
const WINDOW_BYTES = 16 * 1024 * 1024;

/**
 * Appends messages to one mailbox, which need not be selected. By capability (RFC 7888): with LITERAL+ commands
 * and bodies go out without waiting; with LITERAL- those up to 4,096 bytes do; otherwise each body waits for the
 * server's leave, with the next command right behind it.
 */
export function openAppender(c: ImapConnection, mailbox: string, options: AppenderOptions): Appender {
  return new ConnectionAppender(c, mailbox, options);
}

class ConnectionAppender implements Appender {
  readonly #connection: ImapConnection;
  readonly #mailbox: string;
  readonly #wait: Wait;
  readonly #mayWrite: () => boolean;
  readonly #window: AppendWindow;
  readonly #appendLimit: number | undefined;
  #throttled: ThrottledError | undefined;

  constructor(connection: ImapConnection, mailbox: string, options: AppenderOptions) {
    this.#connection = connection;
    this.#mailbox = mailbox;
    this.#wait = options.wait;
    this.#mayWrite = options.mayWrite ?? (() => true);
    this.#window = new AppendWindow(
      options.windowMessages ?? WINDOW_MESSAGES,
      options.windowBytes ?? WINDOW_BYTES,
    );
    this.#appendLimit = appendLimitOf(connection.capabilities);
  }

  async append(message: AppendRequest): Promise<{ outcome: Promise<AppendOutcome> }> {
    const body = message.body[Symbol.asyncIterator]();
    try {
      const error = refuseUnsent(message, this.#appendLimit);
      if (error === undefined) return await this.#send(message, body);
      await drain(body);
      return { outcome: Promise.resolve({ kind: 'refused', error }) };
    } catch (error) {
      // not awaited: the body may itself be waiting for a connection that no longer answers
      body.return?.()?.catch(() => undefined);
      throw error;
    }
  }

  flush(): Promise<void> {
    return this.#window.empty();
  }

  async #send(
    head: AppendHead,
    body: AsyncIterator<Uint8Array>,
  ): Promise<{ outcome: Promise<AppendOutcome> }> {
    // a body that cannot be read at all must not cost the connection
    const first = await body.next();
    await this.#window.enter(head.size);
    const command = await this.#begin(head.size);
    const outcome = this.#outcomeOf(command, head.size);
    try {
      if (await this.#writeHead(command, head)) await this.#writeBody(command, head.size, body, first);
      else await drain(body);
    } catch (error) {
      // the server discards a message whose literal does not come to its end
      this.#connection.destroy(
        error instanceof TransferError
          ? error
          : new ConnectionClosedError('Closed by us: the body of a message could not be read to its end.', {
              cause: error,
            }),
      );
      throw error;
    } finally {
      command.release();
    }
    return { outcome };
  }

  async #begin(size: number): Promise<OpenCommand> {
    try {
      if (this.#throttled !== undefined) throw this.#throttled;
      this.#permit();
      return await this.#connection.begin('APPEND', this.#wait);
    } catch (error) {
      this.#window.leave(size);
      throw error;
    }
  }

  #outcomeOf(command: OpenCommand, size: number): Promise<AppendOutcome> {
    const outcome = command.answer.then(
      (answer): AppendOutcome => ({ kind: 'appended', ...parseAppendUid(answer) }),
      (error: unknown): AppendOutcome => {
        if (error instanceof ThrottledError) this.#throttled ??= error;
        if (error instanceof CommandRefusedError) return { kind: 'refused', error };
        throw error;
      },
    );
    const settled = (): void => this.#window.leave(size);
    outcome.then(settled, settled);
    return outcome;
  }

  /** @returns false when the server refused the message before its body was sent */
  async #writeHead(command: OpenCommand, head: AppendHead): Promise<boolean> {
    const { literalMode: mode } = this.#connection;
    this.#permit();
    const before = ['APPEND ', this.#connection.mailbox(this.#mailbox), ' '];
    if (!(await writeParts(command, before, mode))) return false;
    command.write(`${appendArguments(head)}${literalHeader(mode, head.size)}\r\n`);
    return !mustAsk(mode, head.size) || command.leave();
  }

  async #writeBody(
    command: OpenCommand,
    size: number,
    body: AsyncIterator<Uint8Array>,
    first: IteratorResult<Uint8Array>,
  ): Promise<void> {
    let sent = 0;
    for (let step = first; step.done !== true; step = await this.#nextChunk(command, body)) {
      sent += step.value.length;
      if (sent > size) throw new BodySizeMismatchError(size, sent);
      this.#permit();
      command.write(step.value);
      await command.room();
    }
    if (sent !== size) throw new BodySizeMismatchError(size, sent);
    this.#permit();
    command.end();
  }

  /** The source may be slower than the destination is patient. */
  async #nextChunk(
    command: OpenCommand,
    body: AsyncIterator<Uint8Array>,
  ): Promise<IteratorResult<Uint8Array>> {
    const resume = command.holdDeadline();
    try {
      return await body.next();
    } finally {
      resume();
    }
  }

  /** @throws what ended the connection, LeaseLapsedError */
  #permit(): void {
    const { failure } = this.#connection;
    if (failure !== undefined) throw failure;
    if (this.#mayWrite()) return;
    const error = new LeaseLapsedError();
    this.#connection.destroy(error);
    throw error;
  }
}

async function drain(body: AsyncIterator<Uint8Array>): Promise<void> {
  for (let step = await body.next(); step.done !== true; step = await body.next());
}
