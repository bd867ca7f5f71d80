import { ConnectionClosedError, ThrottledError } from '../errors.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import { SilenceWatch } from '../wire/silence-watch.ts';
import type { Wait } from '../wire/wait.ts';
import { type AppendHead, appendLimitOf, refuseUnsent } from './append-arguments.ts';
import { AppendBatch, type AppendBatchOptions } from './append-batch.ts';
import type { AppendOutcome } from './append-outcome.ts';
import { AppendWindow } from './append-window.ts';
import { BatchLimits, sharesCommands } from './batch-limits.ts';
import { LeaseLapsedError, TransferError } from './errors.ts';
import { MessageBody } from './message-body.ts';

export interface AppendRequest extends AppendHead {
  /** Exactly `size` bytes. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Shown each chunk of the body as it passes, whether the message is sent or not. */
  readonly observe?: (chunk: Uint8Array) => void;
}

export interface Appender {
  /**
   * Resolves when the last byte of the body has been handed to the socket; waits for room in the window first.
   * One at a time. `outcome` settles with the server's answer; it rejects only when the connection is lost, so that
   * nobody knows what became of the message, or when the server throttles.
   *
   * The body is always read to its end, or told to `return`.
   *
   * @throws LeaseLapsedError, BodySizeMismatchError, what the body throws, each after destroying the connection
   * unless nothing of the message was sent; ThrottledError when an earlier message was throttled; what ended the
   * connection
   */
  append(message: AppendRequest): Promise<{ outcome: Promise<AppendOutcome> }>;
  /** Ends what is open. Resolves when every outcome has settled, well or badly. */
  flush(): Promise<void>;
}

export interface AppenderOptions {
  wait: Wait;
  /** Of the connection, default `windowFor`. Give it where another appender may still wait for answers. */
  window?: AppendWindow;
  /** Messages in one command where the server has MULTIAPPEND, default 64; 1: every message gets its own answer. */
  batchMessages?: number;
  /** Ms without a further message after which a batch is ended, so that its answer is not held back; default 200. */
  batchIdleMs?: number;
  /** Asked before every command and every chunk; false: the connection is destroyed, so that the server discards a half-sent message. */
  mayWrite?: () => boolean;
}

const WINDOW_MESSAGES = 256;
/**
 * A server takes messages that share commands so fast that 256 small ones do not last until the first answer has come
 * over a long way: at a round trip of 50 ms this doubles the rate. Over a short way it is not filled.
 */
const SHARED_WINDOW_MESSAGES = 1024;
const WINDOW_BYTES = 16 * 1024 * 1024;
const BATCH_IDLE_MS = 200;

/** What may be in flight on a connection: 256 messages, or 1,024 where they share commands; 16 MiB of bodies. A larger message goes alone. */
export function windowFor(connection: ImapConnection): AppendWindow {
  const several = sharesCommands(connection.capabilities);
  return new AppendWindow(several ? SHARED_WINDOW_MESSAGES : WINDOW_MESSAGES, WINDOW_BYTES);
}

/**
 * Appends messages to one mailbox, which need not be selected. By capability: with MULTIAPPEND (RFC 3502) and
 * LITERAL+ (RFC 7888) small messages share commands, several of which are in flight; with LITERAL+ alone commands
 * and bodies go out without waiting; with LITERAL- those up to 4,096 bytes do; otherwise each body waits for the
 * server's leave, with the next command right behind it.
 */
export function openAppender(c: ImapConnection, mailbox: string, options: AppenderOptions): Appender {
  return new ConnectionAppender(c, mailbox, options);
}

class ConnectionAppender implements Appender {
  readonly #connection: ImapConnection;
  readonly #wait: Wait;
  readonly #mayWrite: () => boolean;
  readonly #window: AppendWindow;
  readonly #limits: BatchLimits;
  readonly #batchOptions: AppendBatchOptions;
  readonly #appendLimit: number | undefined;
  readonly #idleMs: number;
  readonly #idle = new SilenceWatch(() => this.#idled());
  /** Batches that wait for their answers, the open one included. */
  readonly #unsettled = new Set<Promise<void>>();
  /** The command that has not been ended. */
  #open: AppendBatch | undefined;
  /** A message is being written. */
  #writing = false;
  #throttled: ThrottledError | undefined;

  constructor(connection: ImapConnection, mailbox: string, options: AppenderOptions) {
    this.#connection = connection;
    this.#wait = options.wait;
    this.#mayWrite = options.mayWrite ?? (() => true);
    this.#window = options.window ?? windowFor(connection);
    this.#limits = new BatchLimits(connection.capabilities, {
      windowBytes: this.#window.bytes,
      messages: options.batchMessages,
    });
    this.#batchOptions = { connection, mailbox, permit: () => this.#permit() };
    this.#appendLimit = appendLimitOf(connection.capabilities);
    // while a batch is open the server waits for us, and must not be blamed for its silence
    this.#idleMs = Math.min(options.batchIdleMs ?? BATCH_IDLE_MS, options.wait.deadlineMs / 2);
  }

  async append(message: AppendRequest): Promise<{ outcome: Promise<AppendOutcome> }> {
    const body = new MessageBody(message.body, message.observe);
    try {
      const error = refuseUnsent(message, this.#appendLimit);
      if (error === undefined) return await this.#send(message, body);
      await body.drain();
      return { outcome: Promise.resolve({ kind: 'refused', error }) };
    } catch (error) {
      body.cancel();
      throw error;
    }
  }

  async flush(): Promise<void> {
    if (!this.#writing) this.#endQuietly();
    await Promise.all(this.#unsettled);
  }

  async #send(head: AppendHead, body: MessageBody): Promise<{ outcome: Promise<AppendOutcome> }> {
    // a body that cannot be read at all must not cost the connection, nor an open batch
    const first = body.poll() ?? (await body.next());
    const batch = this.#joined(head) ?? (await this.#begin(head.size));
    this.#window.enter(head.size);
    this.#writing = true;
    try {
      await batch.add(head, body, first);
      const outcome = batch.outcome();
      if (this.#mayGrow(batch, head)) this.#expectMore();
      else this.#end(batch);
      return { outcome };
    } catch (error) {
      this.#giveUp(batch, error);
      throw error;
    } finally {
      this.#writing = false;
    }
  }

  /** The open batch, if this message may join it. Otherwise it is ended. */
  #joined(head: AppendHead): AppendBatch | undefined {
    const batch = this.#open;
    if (batch === undefined) return undefined;
    const room = this.#limits.hasRoom(batch, head.size) && this.#window.fits(head.size);
    const usable = this.#throttled === undefined && !batch.answered;
    if (room && usable && this.#limits.admits(head)) return batch;
    // also when the window is full: its own answer is what would make room
    this.#endQuietly();
    return undefined;
  }

  async #begin(size: number): Promise<AppendBatch> {
    if (!this.#window.fits(size)) await this.#window.room(size);
    if (this.#throttled !== undefined) throw this.#throttled;
    this.#permit();
    const command = await this.#connection.begin('APPEND', this.#wait);
    const batch = new AppendBatch(command, this.#batchOptions);
    const settled: Promise<void> = batch.outcomes
      .then(
        (outcomes) => this.#answered(batch, outcomes),
        (error: unknown) => this.#unanswered(batch, error),
      )
      .finally(() => this.#unsettled.delete(settled));
    this.#unsettled.add(settled);
    this.#open = batch;
    return batch;
  }

  #answered(batch: AppendBatch, [outcome]: readonly AppendOutcome[]): void {
    if (outcome?.kind === 'appended') this.#limits.taken();
    if (outcome?.kind === 'undecided') this.#limits.refused();
    this.#window.leave(batch.messages, batch.bytes);
  }

  #unanswered(batch: AppendBatch, error: unknown): void {
    if (error instanceof ThrottledError) this.#throttled ??= error;
    if (this.#connection.closed) this.#close();
    this.#window.leave(batch.messages, batch.bytes);
  }

  #mayGrow(batch: AppendBatch, last: AppendHead): boolean {
    return !batch.answered && this.#limits.admits(last) && this.#limits.hasRoom(batch, 1);
  }

  #expectMore(): void {
    this.#idle.expect(this.#idleMs);
    this.#idle.heard();
  }

  #idled(): void {
    if (this.#writing) this.#idle.heard();
    else this.#endQuietly();
  }

  /** @throws LeaseLapsedError, what ended the connection */
  #end(batch: AppendBatch): void {
    this.#close();
    try {
      batch.end();
    } finally {
      batch.release();
    }
  }

  /** Whoever waits for the outcomes of the batch hears why it could not be ended. */
  #endQuietly(): void {
    if (this.#open === undefined) return;
    try {
      this.#end(this.#open);
    } catch {
      // the connection is lost, and all outcomes with it
    }
  }

  /** The server discards a message, and all of its batch, when a literal does not come to its end. */
  #giveUp(batch: AppendBatch, cause: unknown): void {
    this.#close();
    const unread = 'Closed by us: the body of a message could not be read to its end.';
    this.#connection.destroy(
      cause instanceof TransferError ? cause : new ConnectionClosedError(unread, { cause }),
    );
    batch.release();
  }

  #close(): void {
    this.#open = undefined;
    this.#idle.expect(undefined);
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
