import { CommandRefusedError, type ImapError } from '../imap/errors.ts';
import type { ItemReason } from '../migration/item-reason.ts';

/** Servers word the same refusal in many ways; response codes of RFC 5530 and RFC 4469 come first. */
const TEXTS: ReadonlyArray<readonly [RegExp, ItemReason]> = [
  [/line (is )?too long|too long a line/i, 'line-too-long'],
  [/too (big|large)|exceeds? .*(size|limit)|maximum (message )?size|message size/i, 'too-big'],
  [/\bNUL\b|null (byte|character)/i, 'nul-byte'],
  [/8.?bit|non-?ascii/i, 'eight-bit-header'],
  [/flag|keyword/i, 'bad-flag'],
];

/** What Exchange says of a line, of a size and of a quota alike. */
const ARGUMENT_ERROR = /command argument error\.? 11\b/i;
/** Bytes: what Exchange takes unless its administrator has raised it. */
const EXCHANGE_MESSAGE_BYTES = 36_700_160;

/** What was seen of a message that a server does not take. */
export interface RefusedMessage {
  readonly size: number;
  readonly hasNul: boolean;
  readonly hasLongLine: boolean;
}

/** Why a server did not take one message, by its words and, where they say nothing, by what is odd in the message. */
export function refusalReason(error: ImapError, message: RefusedMessage): ItemReason {
  if (error instanceof CommandRefusedError) {
    if (error.responseCode === 'TOOBIG' || error.responseCode === 'LIMIT') return 'too-big';
    if (error.responseCode === 'BADFLAG') return 'bad-flag';
  }
  const text = error.serverText ?? '';
  if (ARGUMENT_ERROR.test(text)) {
    if (message.hasLongLine) return 'line-too-long';
    if (message.size > EXCHANGE_MESSAGE_BYTES) return 'too-big';
  }
  for (const [pattern, reason] of TEXTS) if (pattern.test(text)) return reason;
  return message.hasNul ? 'nul-byte' : 'refused';
}
