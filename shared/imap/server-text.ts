import { isUtf8 } from 'node:buffer';

/**
 * What a server's refusal means, read from its response code (RFC 5530) and, because most large
 * providers say the important things in prose, from its words.
 */
export type ServerMeaning =
  | { kind: 'throttled'; waitMs?: number; limit: 'connections' | 'rate' }
  | { kind: 'over-quota' }
  | { kind: 'permission-denied' }
  | { kind: 'wrong-credential' }
  | { kind: 'encryption-required' }
  | { kind: 'unavailable' }
  | { kind: 'missing' }
  | { kind: 'unknown' };

/** Characters of a server's words that are read, shown and stored. */
export const MAX_SERVER_TEXT = 500;

/** Words in UTF-8, which no IMAP server may send and many do, from one character per byte. */
export function decodeServerText(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : text;
}

/** Makes a server's words safe to show and store: one line, printable, bounded. */
export function cleanServerText(text: string): string {
  const line = text
    .slice(0, 4 * MAX_SERVER_TEXT)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  return line.length > MAX_SERVER_TEXT ? `${line.slice(0, MAX_SERVER_TEXT - 1)}…` : line;
}

/** Exchange: `Request is throttled. Suggested Backoff Time: 299961 milliseconds`. */
const BACKOFF = /suggested backoff time:?\s*(\d{1,12})\s*(milliseconds|ms|seconds|s)\b/i;
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

const TOO_MANY_CONNECTIONS =
  /too many (?!failed)(?:\w+ )*(?:connections|sessions|logins)\b|(?:maximum|max) (?:number of )?(?:\w+ )*(?:connections|sessions|logins)\b|(?:connection|session) (?:limit|count) (?:was |is |has been )?(?:exceeded|reached)|connections? (?:per|from) .*(?:exceeded|reached)|authenticated but not connected/i;

const TOO_FAST =
  /throttl|rate.?limit|limit rate|bandwidth limit|exceeded command|too many (?:\w+ )*(?:requests|attempts|failures)|too many failed|request limit|slow down|try again later|temporarily (?:blocked|locked|restricted)/i;

/** `[LIMIT]` also stands for limits of one item (RFC 5530), which waiting does not lift. */
const LIMIT_OF_ONE_ITEM = /\b(?:flags?|keywords?|size|length|header|line|nesting|depth|name|recipients?)\b/i;

const FULL =
  /over.?quota|quota (?:is |has been |would be )?exceeded|exceed(?:s|ed|ing)? (?:\w+ )*quota|(?:mailbox|disk|storage) (?:is )?full|out of (?:disk )?space/i;

/** Dovecot, of a folder that went while a command was at it, without a response code: `Mailbox was deleted under us`. */
const GONE = /\b(?:mailbox|folder) (?:was|has been) deleted\b/i;

const BAD_CREDENTIAL =
  /credential|password|authenticat|log-?in|log-?on|user ?name|web browser|two.?(?:step|factor)/i;

/**
 * @param login true while signing in: the same words mean other things there.
 * @param words the human-readable part of a NO, BAD or BYE, without the response code.
 */
export function readServerText(
  responseCode: string | undefined,
  words: string,
  login: boolean,
): ServerMeaning {
  const text = words.slice(0, MAX_SERVER_TEXT);
  const code = responseCode?.toUpperCase();
  const backoff = BACKOFF.exec(text);
  if (backoff) {
    const [, amount = '0', unit = ''] = backoff;
    const ms = Number(amount) * (unit.toLowerCase().startsWith('s') ? 1000 : 1);
    return { kind: 'throttled', waitMs: Math.min(ms, LONGEST_WAIT_MS), limit: 'rate' };
  }
  if (TOO_MANY_CONNECTIONS.test(text)) return { kind: 'throttled', limit: 'connections' };
  switch (code) {
    case 'THROTTLED':
      return { kind: 'throttled', limit: 'rate' };
    case 'LIMIT':
      if (TOO_FAST.test(text) || login || !LIMIT_OF_ONE_ITEM.test(text)) {
        return { kind: 'throttled', limit: login ? 'connections' : 'rate' };
      }
      return { kind: 'unknown' };
    case 'OVERQUOTA':
      return { kind: 'over-quota' };
    case 'NOPERM':
    case 'AUTHORIZATIONFAILED':
      return { kind: 'permission-denied' };
    case 'AUTHENTICATIONFAILED':
    case 'EXPIRED':
      return TOO_FAST.test(text) ? { kind: 'throttled', limit: 'rate' } : { kind: 'wrong-credential' };
    case 'PRIVACYREQUIRED':
      return { kind: 'encryption-required' };
    case 'NONEXISTENT':
    case 'TRYCREATE':
      return { kind: 'missing' };
    case 'UNAVAILABLE':
    case 'INUSE':
    case 'SERVERBUG':
      return TOO_FAST.test(text) ? { kind: 'throttled', limit: 'rate' } : { kind: 'unavailable' };
    default:
      break;
  }
  if (TOO_FAST.test(text)) return { kind: 'throttled', limit: 'rate' };
  if (!login && FULL.test(text)) return { kind: 'over-quota' };
  if (!login && GONE.test(text)) return { kind: 'missing' };
  if (login && BAD_CREDENTIAL.test(text)) return { kind: 'wrong-credential' };
  return { kind: 'unknown' };
}
