import { CommandRefusedError } from '../errors.ts';
import { isFlagAtom } from '../wire/flag-atom.ts';

/** What can be known of a message before its body is read. */
export interface AppendHead {
  readonly flags: readonly string[];
  /** Raw text of the source's INTERNALDATE; empty: the destination sets the time. */
  readonly internalDate: string;
  /** Bytes. */
  readonly size: number;
}

const DATE = /^[ 0-9A-Za-z:+-]{1,40}$/;

/** `(\Seen work) " 7-Jan-2001 02:44:25 +0500" `, as it stands between mailbox and literal (RFC 3501 6.3.11). */
export function appendArguments(head: AppendHead): string {
  // a day of one digit needs a blank before it, which not every server sends
  const date = /^\d-/.test(head.internalDate) ? ` ${head.internalDate}` : head.internalDate;
  return `(${head.flags.join(' ')}) ${date === '' ? '' : `"${date}" `}`;
}

const PLAIN_DATE =
  /^(?:[ 0]?[1-9]|[12]\d|3[01])-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{4} (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d [+-][01]\d[0-5]\d$/;
const PLAIN_FLAG = /^(?:\\(?:Seen|Answered|Flagged|Deleted|Draft)|[!#$&'+\-./0-9:;<=>?@A-Z[^_`a-z|}~]+)$/i;

/**
 * Whether a server may take the arguments for a mistake, so that it must be asked before the body is sent. Dovecot
 * answers such a mistake with BAD and reads the literal that follows unasked as commands: the text of a mail would be
 * carried out.
 */
export function mustAskFirst(head: AppendHead): boolean {
  const plainDate = head.internalDate === '' || PLAIN_DATE.test(head.internalDate);
  return !plainDate || !head.flags.every((flag) => PLAIN_FLAG.test(flag));
}

/** Why this message cannot be sent at all, as the server would say it; undefined when it can. */
export function refuseUnsent(
  head: AppendHead,
  appendLimit: number | undefined,
): CommandRefusedError | undefined {
  if (appendLimit !== undefined && head.size > appendLimit) {
    return unsent('TOOBIG', `the message has ${head.size} bytes, the server accepts ${appendLimit}`);
  }
  if (!head.flags.every(isFlagAtom)) {
    return unsent('CLIENTBUG', 'a flag holds characters that IMAP does not allow in one');
  }
  if (head.internalDate !== '' && !DATE.test(head.internalDate)) {
    return unsent('CLIENTBUG', 'the date holds characters that IMAP does not allow in one');
  }
  return undefined;
}

/** The size above which the server refuses every message, from `APPENDLIMIT=n` (RFC 7889). */
export function appendLimitOf(capabilities: ReadonlySet<string>): number | undefined {
  for (const capability of capabilities) {
    const match = /^APPENDLIMIT=(\d{1,15})$/.exec(capability);
    if (match !== null) return Number(match[1]);
  }
  return undefined;
}

function unsent(responseCode: string, text: string): CommandRefusedError {
  return new CommandRefusedError({
    status: 'NO',
    responseCode,
    serverText: `Not sent: ${text}`,
    command: 'APPEND',
  });
}
