import type { Duplex } from 'node:stream';
import {
  CommandTimeoutError,
  ConnectionClosedError,
  ImapError,
  type ImapSide,
  ProtocolError,
} from '../errors.ts';
import type { ProviderRefusals } from '../known-refusal.ts';
import { decodeServerText } from '../server-text.ts';
import { AbortWatch } from './abort-watch.ts';
import type { ReadingControl } from './backlog.ts';
import { BufferMeter } from './buffer-meter.ts';
import { type CommandPart, type LiteralMode, literalMode, verbOf } from './command-part.ts';
import { type MailboxName, mailboxArgument } from './mailbox-argument.ts';
import type { OpenCommand } from './open-command.ts';
import { PendingCommand } from './pending-command.ts';
import type { OkAnswer, ResponseHandler } from './response.ts';
import { ResponseAssembler } from './response-assembler.ts';
import { ResponseReader } from './response-reader.ts';
import { ResponseRouter } from './response-router.ts';
import { SilenceWatch } from './silence-watch.ts';
import { SocketWriter } from './socket-writer.ts';
import { Turn } from './turn.ts';
import { toError } from './to-error.ts';
import type { Wait } from './wait.ts';
import { writeParts } from './write-parts.ts';
import { DEFAULT_WIRE_LIMITS, type WireLimits } from './wire-limits.ts';

export interface ImapConnectionOptions {
  /** As the server announced them after the sign-in, in any case of letters. */
  capabilities: Iterable<string>;
  /** What ENABLE has switched on; with UTF8=ACCEPT mailbox names travel as UTF-8. */
  enabled?: Iterable<string>;
  limits?: Partial<WireLimits>;
  /** Begins our tags; must differ from the tags that were used on this connection before. */
  tagPrefix?: string;
  /** Which server this is, for the errors. */
  side?: ImapSide;
  /** How the server's provider words its refusals, where it is known. */
  refusals?: ProviderRefusals;
  /** Takes secrets out of what the server says before it goes into an error. */
  scrub?: (text: string) => string;
}

/**
 * A pipelining IMAP client over a connection that is already authenticated: many commands in flight, bodies
 * streamed in both directions, everything else bounded. It ends with its socket: after an error of the connection
 * every pending and later command rejects with that error.
 */
export class ImapConnection implements ReadingControl {
  readonly capabilities: ReadonlySet<string>;
  readonly limits: WireLimits;
  /** Received bytes held in memory. */
  readonly meter = new BufferMeter();
  readonly literalMode: LiteralMode;
  readonly #socket: Duplex;
  readonly #writer: SocketWriter;
  readonly #reader: ResponseReader;
  readonly #turn = new Turn();
  readonly #router: ResponseRouter;
  readonly #silence: SilenceWatch;
  readonly #aborts: AbortWatch;
  readonly #tagPrefix: string;
  readonly #utf8: boolean;
  readonly #side: ImapSide | undefined;
  #tags = 0;
  #readingHolds = 0;
  #deadlineHolds = 0;
  #failure: Error | undefined;

  constructor(socket: Duplex, options: ImapConnectionOptions) {
    this.capabilities = new Set([...options.capabilities].map((name) => name.toUpperCase()));
    this.limits = { ...DEFAULT_WIRE_LIMITS, ...options.limits };
    this.literalMode = literalMode(this.capabilities);
    this.#tagPrefix = options.tagPrefix ?? 'Mh';
    this.#utf8 = [...(options.enabled ?? [])].some((name) => name.toUpperCase() === 'UTF8=ACCEPT');
    this.#side = options.side;
    this.#socket = socket;
    this.#silence = new SilenceWatch((ms) => this.#expired(ms));
    this.#aborts = new AbortWatch((reason) => this.destroy(toError(reason)));
    this.#writer = new SocketWriter(socket, () => this.#silence.heard());
    const { scrub = (text) => text } = options;
    this.#router = new ResponseRouter({
      side: options.side,
      refusals: options.refusals,
      showable: (text) => scrub(decodeServerText(text)),
      fail: (error) => this.#fail(error),
      settled: ({ wait }) => {
        this.#aborts.remove(wait.signal);
        this.#silence.heard();
        this.#watch();
      },
    });
    const assembler = new ResponseAssembler(this.#router, this.limits, this.meter);
    this.#reader = new ResponseReader(assembler, this.limits, this.meter);
    socket.on('error', (error) => this.#lost('The connection broke', error));
    socket.on('end', () => this.#lost('The server closed the connection'));
    socket.on('close', () => this.#lost('The connection was closed'));
    socket.on('data', (chunk: Buffer) => this.#data(chunk));
    socket.resume(); // it may have been paused while it changed hands
    if (socket.destroyed) this.#lost('The connection was closed');
  }

  get closed(): boolean {
    return this.#failure !== undefined;
  }

  /** Why the connection ended; undefined while it stands. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Bytes written by us that the network has not taken. */
  get unsent(): BufferMeter {
    return this.#writer.meter;
  }

  get backlogBytes(): number {
    return this.limits.backlogBytes;
  }

  /** A mailbox name, encoded as this connection wants it. */
  mailbox(name: MailboxName): CommandPart {
    return mailboxArgument(name, this.#utf8);
  }

  /**
   * Sends a command and waits for its tagged answer. Does not wait for the commands before it.
   *
   * @param command without tag and line end; pieces follow one another without a space
   * @throws ThrottledError, CommandRefusedError when the server says NO or BAD, what `wait.signal` was aborted with,
   * CommandTimeoutError, ConnectionClosedError, ProtocolError
   */
  async run(
    command: string | readonly CommandPart[],
    wait: Wait,
    handler: ResponseHandler = {},
  ): Promise<OkAnswer> {
    const parts = typeof command === 'string' ? [command] : command;
    const [first = ''] = parts;
    const open = await this.begin(typeof first === 'string' ? verbOf(first) : '', wait, handler);
    try {
      if (await writeParts(open, parts, this.literalMode)) open.end();
    } finally {
      open.release();
    }
    return open.answer;
  }

  /**
   * Waits for its turn to write and begins a command, for those who write it piece by piece. The tag is written.
   * @param verb for errors, without arguments
   */
  async begin(verb: string, wait: Wait, handler: ResponseHandler = {}): Promise<OpenCommand> {
    const endTurn = await this.#turn.take();
    if (this.#failure !== undefined || wait.signal.aborted) {
      endTurn();
      throw this.#failure ?? toError(wait.signal.reason);
    }
    this.#tags += 1;
    const pending = new PendingCommand(`${this.#tagPrefix}${this.#tags}`, verb, wait, handler);
    this.#router.add(pending);
    this.#aborts.add(wait.signal);
    this.#watch();
    this.#writer.write(`${pending.tag} `);
    return {
      answer: pending.answer,
      get answered() {
        return pending.settled;
      },
      write: (data) => {
        this.#silence.heard();
        this.#writer.write(data);
      },
      room: () => this.#writer.room(),
      leave: () => pending.waitForLeave(),
      holdDeadline: () => this.#holdDeadline(),
      end: () => {
        this.#writer.write('\r\n');
        pending.complete = true;
        endTurn();
      },
      release: endTurn,
    };
  }

  /** Stops reading the socket, e.g. because a body is taken slowly, until the function returned is called. */
  holdReading(): () => void {
    this.#readingHolds += 1;
    if (this.#readingHolds === 1) this.#socket.pause();
    this.#watch();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#readingHolds -= 1;
      if (this.#readingHolds > 0) return;
      if (!this.closed) this.#socket.resume();
      this.#watch();
    };
  }

  /** Ends the connection at once, in the middle of whatever it does. Pending commands reject with `reason`. */
  destroy(reason?: Error): void {
    this.#fail(reason ?? new ConnectionClosedError('The connection was closed by us.'));
  }

  /** Says LOGOUT and ends the connection. Never throws, and takes no longer than `wait` allows. */
  async logout(wait: Wait): Promise<void> {
    if (this.closed) return;
    if (this.#readingHolds > 0 || wait.signal.aborted) {
      this.destroy();
      return;
    }
    const timer = setTimeout(() => this.destroy(), wait.deadlineMs);
    try {
      await this.run('LOGOUT', wait);
    } catch {
      // it ends either way
    } finally {
      clearTimeout(timer);
      this.destroy();
    }
  }

  #data(chunk: Buffer): void {
    if (this.closed) return;
    // after a complaint only an answer counts: what else the server sends may go on for ever
    if (!this.#router.complained) this.#silence.heard();
    try {
      this.#reader.push(chunk);
    } catch (error) {
      this.#fail(
        error instanceof ImapError
          ? error
          : new ProtocolError('What the server sent could not be read.', { cause: error }),
      );
    }
  }

  #watch(): void {
    const held = this.#readingHolds > 0 || this.#deadlineHolds > 0;
    this.#silence.expect(held ? undefined : this.#router.oldest?.wait.deadlineMs);
  }

  #holdDeadline(): () => void {
    this.#deadlineHolds += 1;
    this.#watch();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#deadlineHolds -= 1;
      this.#watch();
    };
  }

  #expired(waitedMs: number): void {
    const overdue = this.#router.overdue();
    if (overdue !== undefined) {
      this.#fail(overdue);
      return;
    }
    const verb = this.#router.oldest?.verb ?? 'a command';
    const message = `The server was silent for ${waitedMs} ms while it owed an answer to ${verb}. Try again later.`;
    this.#fail(new CommandTimeoutError(message, { waitedMs }));
  }

  #lost(what: string, cause?: Error): void {
    if (this.#failure !== undefined) return;
    const verb = this.#router.oldest?.verb;
    const when = verb === undefined ? '' : ` while it owed an answer to ${verb}`;
    this.#fail(new ConnectionClosedError(`${what}${when}.`, { cause }));
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    if (this.#side !== undefined && error instanceof ImapError) error.attributeTo(this.#side);
    this.#failure = error;
    this.#silence.expect(undefined);
    this.#socket.destroy();
    this.#writer.fail(error);
    this.#router.end(error);
  }
}
