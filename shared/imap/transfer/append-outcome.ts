import type { CommandRefusedError, ImapError } from '../errors.ts';
import type { StatusAnswer } from '../wire/response.ts';
import { parseAppendUids } from './append-uid.ts';

/** What became of a message that was sent. */
export type AppendOutcome =
  /** `uid` and `uidValidity` where the server has UIDPLUS. */
  | { kind: 'appended'; uid?: number; uidValidity?: number }
  /** The server does not take this message. */
  | { kind: 'refused'; error: ImapError }
  /**
   * The server refused a batch that this message was part of, and stored none of it (RFC 3502): only that it is not
   * there is known. Sent alone it gets an answer of its own.
   */
  | { kind: 'undecided'; error: ImapError };

/** The outcome of each message of a command that was carried out, in the order of the messages. */
export function appendedOutcomes(answer: StatusAnswer, messages: number): AppendOutcome[] {
  const { uidValidity, uids } = parseAppendUids(answer, messages) ?? {};
  return Array.from({ length: messages }, (_, index): AppendOutcome => {
    const uid = uids?.[index];
    return uid === undefined || uidValidity === undefined
      ? { kind: 'appended' }
      : { kind: 'appended', uid, uidValidity };
  });
}

/** The outcome of each message of a command that was refused. */
export function refusedOutcomes(error: CommandRefusedError, messages: number): AppendOutcome[] {
  return Array.from({ length: messages }, (): AppendOutcome => {
    return { kind: messages === 1 ? 'refused' : 'undecided', error };
  });
}
