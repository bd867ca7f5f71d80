import type { PendingCommand } from './pending-command.ts';
import type { StatusAnswer } from './response.ts';

/** A `* BAD` and the commands that it may be about: those that were pending when it came. */
export class OpenComplaint {
  readonly answer: StatusAnswer;
  readonly #suspects: Set<PendingCommand>;
  #explained = false;

  constructor(answer: StatusAnswer, pending: Iterable<PendingCommand>) {
    this.answer = answer;
    this.#suspects = new Set(pending);
  }

  concerns(command: PendingCommand): boolean {
    return this.#suspects.has(command);
  }

  /** A suspect has its tagged answer. @returns true when nothing more is to be learned about the complaint */
  settle(command: PendingCommand, carriedOut: boolean): boolean {
    this.#suspects.delete(command);
    if (!carriedOut) this.#explained = true;
    return this.#explained || this.#suspects.size === 0;
  }

  /** Every suspect was carried out: the server heard something that was no command of ours, so it is out of step. */
  get isUnexplained(): boolean {
    return !this.#explained && this.#suspects.size === 0;
  }

  /** The refusal that the complaint announced, with the words of both. */
  explain(refusal: StatusAnswer): StatusAnswer {
    if (!this.#explained || refusal.text.includes(this.answer.text)) return refusal;
    const code = refusal.code ?? this.answer.code;
    return {
      ...refusal,
      ...(code !== undefined && { code }),
      text: [this.answer.text, refusal.text].filter((text) => text !== '').join(' / '),
    };
  }
}
