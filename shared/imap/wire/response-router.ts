import {
  classifyServerText,
  type ImapError,
  type ImapSide,
  ProtocolError,
  ThrottledError,
} from '../errors.ts';
import type { ProviderRefusals } from '../known-refusal.ts';
import type { FetchRow } from './fetch-row.ts';
import type { PendingCommand } from './pending-command.ts';
import type { BodySink, OkAnswer, StatusAnswer, UntaggedResponse } from './response.ts';
import type { ResponseSink } from './response-assembler.ts';
import { OpenComplaint } from './open-complaint.ts';

export interface ResponseRouterOptions {
  side: ImapSide | undefined;
  refusals: ProviderRefusals | undefined;
  /** A server's words (one character per byte) as they may be shown. */
  showable(text: string): string;
  /** The connection cannot go on. */
  fail(error: Error): void;
  /** A command has left the router. */
  settled(command: PendingCommand): void;
}

/** Brings each response to the command it belongs to: tagged ones by their tag, others to the oldest that wants them. */
export class ResponseRouter implements ResponseSink {
  readonly #options: ResponseRouterOptions;
  readonly #pending = new Map<string, PendingCommand>();
  #ended = false;
  #complaint: OpenComplaint | undefined;

  constructor(options: ResponseRouterOptions) {
    this.#options = options;
  }

  /** The command that has waited longest for its answer. */
  get oldest(): PendingCommand | undefined {
    return this.#pending.values().next().value;
  }

  /** True while a complaint waits for the tagged answer that says which command it is about. */
  get complained(): boolean {
    return this.#complaint !== undefined;
  }

  /** Why the connection is given up when a command has waited too long; undefined: the server was just silent. */
  overdue(): ImapError | undefined {
    return this.#complaint && this.#outOfStep(this.#complaint.answer);
  }

  add(command: PendingCommand): void {
    this.#pending.set(command.tag, command);
  }

  /** The connection has ended: nothing is answered any more. */
  end(error: Error): void {
    this.#ended = true;
    const commands = [...this.#pending.values()];
    this.#pending.clear();
    for (const command of commands) {
      this.#options.settled(command);
      command.fail(error);
    }
  }

  tagged(tag: string, answer: StatusAnswer): void {
    if (this.#ended) return;
    const command = this.#pending.get(tag);
    if (command === undefined) throw new ProtocolError('The server answered a command that was not given.');
    if (isOk(answer) && !command.complete) {
      throw new ProtocolError(`The server confirmed ${command.verb} before it had received all of it.`);
    }
    this.#pending.delete(tag);
    const complaint = this.#complaint?.concerns(command) === true ? this.#complaint : undefined;
    if (complaint?.settle(command, isOk(answer)) === true) this.#complaint = undefined;
    this.#options.settled(command);
    if (isOk(answer)) command.succeed(answer);
    else command.fail(this.#refusal(complaint?.explain(answer) ?? answer, command.verb));
    if (complaint?.isUnexplained === true) this.#options.fail(this.#outOfStep(complaint.answer));
  }

  /** An answer that has lost its tag: its command would wait for ever, and nobody knows which one it is. */
  tagless(answer: StatusAnswer): void {
    const { oldest } = this;
    if (oldest !== undefined) this.#options.fail(this.#withoutCommand(answer, oldest.verb));
  }

  continuation(): void {
    for (const command of this.#pending.values()) if (command.giveLeave()) return;
  }

  untagged(response: UntaggedResponse): void {
    if (response.kind === 'status') {
      if (response.status === 'BYE') {
        // the answer to LOGOUT, and bad news to whatever was sent before
        if (this.oldest?.verb === 'LOGOUT') return;
        this.#options.fail(this.#refusal(response, this.oldest?.verb));
        return;
      }
      if (response.status === 'BAD') {
        this.#complain(response);
        return;
      }
    }
    for (const command of this.#pending.values()) if (command.handler.untagged?.(response) === true) return;
  }

  body(row: FetchRow, size: number): BodySink | undefined {
    for (const command of this.#pending.values()) {
      const sink = command.handler.body?.(row, size);
      if (sink !== undefined) return sink;
    }
    return undefined;
  }

  /**
   * `* BAD` comes without saying for which command (RFC 3501 7.1.3), mostly right before the tagged answer of that
   * command, and then the connection is still good. Until that answer the outcome of none of them is known.
   */
  #complain(answer: StatusAnswer): void {
    const { oldest } = this;
    if (oldest === undefined) return;
    const error = this.#withoutCommand(answer, oldest.verb);
    if (error instanceof ThrottledError) this.#options.fail(error);
    else this.#complaint ??= new OpenComplaint(answer, this.#pending.values());
  }

  /** Never a CommandRefusedError: that would say of every pending command that it was not carried out. */
  #withoutCommand(answer: StatusAnswer, verb: string): ImapError {
    const refusal = this.#refusal(answer, verb);
    return refusal instanceof ThrottledError ? refusal : this.#outOfStep(answer);
  }

  #refusal(answer: StatusAnswer, command: string | undefined): ImapError {
    const { status, code: responseCode } = answer;
    const text = this.#options.showable(answer.text);
    if (status === 'OK' || status === 'PREAUTH')
      return new ProtocolError('The server sent a status out of place.');
    const { side, refusals } = this.#options;
    return classifyServerText({ status, responseCode, text, command, side, refusals });
  }

  #outOfStep({ text }: StatusAnswer): ProtocolError {
    const message = 'The server complained without saying which command it means. Try again later.';
    return new ProtocolError(message, { serverText: this.#options.showable(text) });
  }
}

function isOk(answer: StatusAnswer): answer is OkAnswer {
  return answer.status === 'OK';
}
