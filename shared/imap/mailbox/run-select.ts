import { ProtocolError } from '../errors.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { MailboxName } from '../wire/mailbox-argument.ts';
import type { UntaggedResponse } from '../wire/response.ts';
import { bigintOf, numberOf, textOf } from '../wire/value.ts';
import { ValueParser } from '../wire/value-parser.ts';
import type { Wait } from '../wire/wait.ts';
import { hasModseq } from './modseq-capability.ts';
import type { MailboxCounters, OpenMailbox } from './open-mailbox.ts';
import { statusOfMailbox } from './status-of-mailbox.ts';

/**
 * Runs SELECT or EXAMINE, with CONDSTORE where offered. Counters that the server leaves out are asked for by STATUS.
 * @throws CommandRefusedError when the mailbox cannot be opened
 */
export async function runSelect(
  c: ImapConnection,
  verb: 'EXAMINE' | 'SELECT',
  path: MailboxName,
  wait: Wait,
): Promise<OpenMailbox> {
  const told = new OpeningReport(c);
  const condstore = hasModseq(c.capabilities) ? ' (CONDSTORE)' : '';
  const answer = await c.run([`${verb} `, c.mailbox(path), condstore], wait, {
    untagged: (response) => told.take(response),
  });
  const readOnly = verb === 'EXAMINE' || answer.code === 'READ-ONLY';
  const counters = told.counters() ?? (await statusOfMailbox(c, path, wait));
  const { permanentFlags } = told;
  return {
    path,
    readOnly,
    ...counters,
    ...(readOnly || permanentFlags === undefined ? {} : { permanentFlags }),
  };
}

/** Collects the untagged responses to SELECT and EXAMINE (RFC 3501 6.3.1). */
class OpeningReport {
  readonly #connection: ImapConnection;
  permanentFlags: { flags: string[]; anyKeyword: boolean } | undefined;
  #messages: number | undefined;
  #uidNext: number | undefined;
  #uidValidity: number | undefined;
  #highestModseq: bigint | undefined;

  constructor(connection: ImapConnection) {
    this.#connection = connection;
  }

  take(response: UntaggedResponse): boolean {
    if (response.kind === 'count') {
      if (response.name === 'EXISTS') this.#messages = response.number;
      return true;
    }
    if (response.kind === 'data') return response.name === 'FLAGS';
    if (response.kind !== 'status' || response.status !== 'OK') return false;
    const { code, codeArguments = '' } = response;
    switch (code) {
      case 'UIDNEXT':
        this.#uidNext = numberOf(codeArguments);
        return true;
      case 'UIDVALIDITY':
        this.#uidValidity = numberOf(codeArguments);
        return true;
      case 'HIGHESTMODSEQ':
        this.#highestModseq = bigintOf(codeArguments);
        return true;
      case 'PERMANENTFLAGS':
        this.permanentFlags = readPermanentFlags(codeArguments, this.#connection);
        return true;
      default:
        return false;
    }
  }

  /** Undefined when the server left one out: STATUS has to tell it then. */
  counters(): MailboxCounters | undefined {
    if (this.#messages === undefined || this.#uidNext === undefined || this.#uidValidity === undefined) {
      return undefined;
    }
    return {
      messages: this.#messages,
      uidNext: this.#uidNext,
      uidValidity: this.#uidValidity,
      ...(this.#highestModseq === undefined ? {} : { highestModseq: this.#highestModseq }),
    };
  }
}

function readPermanentFlags(text: string, c: ImapConnection): { flags: string[]; anyKeyword: boolean } {
  const parser = new ValueParser(c.limits);
  if (parser.feed(text) !== undefined)
    throw new ProtocolError('The server sent a literal within a response code.');
  const [list] = parser.innermost;
  const flags = (Array.isArray(list) ? list : [])
    .map((flag) => textOf(flag))
    .filter((flag) => flag !== undefined);
  return { flags: flags.filter((flag) => flag !== '\\*'), anyKeyword: flags.includes('\\*') };
}
