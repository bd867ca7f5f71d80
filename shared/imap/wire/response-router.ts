import { classifyServerText, type ImapError, type ImapSide, ProtocolError } from '../errors.ts';
import type { FetchRow } from './fetch-row.ts';
import type { PendingCommand } from './pending-command.ts';
import type { BodySink, OkAnswer, StatusAnswer, UntaggedResponse } from './response.ts';
import type { ResponseSink } from './response-assembler.ts';

export interface ResponseRouterOptions {
  side: ImapSide | undefined;
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
  #farewellExpected = false;

  constructor(options: ResponseRouterOptions) {
    this.#options = options;
  }

  /** The command that has waited longest for its answer. */
  get oldest(): PendingCommand | undefined {
    return this.#pending.values().next().value;
  }

  add(command: PendingCommand): void {
    this.#pending.set(command.tag, command);
  }

  /** BYE is the answer to LOGOUT, and bad news otherwise. */
  expectFarewell(): void {
    this.#farewellExpected = true;
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
    this.#options.settled(command);
    if (isOk(answer)) command.succeed(answer);
    else command.fail(this.#refusal(answer, command.verb));
  }

  /** Nobody knows which command is meant, and the one that is would wait for ever. */
  tagless(answer: StatusAnswer): void {
    const { oldest } = this;
    if (oldest !== undefined) this.#options.fail(this.#refusal(answer, oldest.verb));
  }

  continuation(): void {
    for (const command of this.#pending.values()) if (command.giveLeave()) return;
  }

  untagged(response: UntaggedResponse): void {
    if (response.kind === 'status') {
      if (response.status === 'BYE' && !this.#farewellExpected) {
        this.#options.fail(this.#refusal(response, this.oldest?.verb));
        return;
      }
      if (response.status === 'BAD') {
        this.tagless(response);
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

  #refusal(answer: StatusAnswer, command: string | undefined): ImapError {
    const { status, code: responseCode, text } = answer;
    if (status === 'OK' || status === 'PREAUTH')
      return new ProtocolError('The server sent a status out of place.');
    return classifyServerText({ status, responseCode, text, command, side: this.#options.side });
  }
}

function isOk(answer: StatusAnswer): answer is OkAnswer {
  return answer.status === 'OK';
}
