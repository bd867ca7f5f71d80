import { ProtocolError } from '../errors.ts';
import { bigintOf, isNil, numberOf, STREAMED, textOf, type Value } from './value.ts';

/** What one FETCH response said about a message (RFC 3501 7.4.2). A server may spread a message over several. */
export interface FetchRow {
  readonly sequence: number;
  readonly uid?: number;
  readonly flags?: readonly string[];
  /** As the server wrote it, zone included. */
  readonly internalDate?: string;
  /** RFC822.SIZE in bytes: an estimate on some servers. */
  readonly size?: number;
  readonly modseq?: bigint;
  /** X-GM-MSGID: the same for a message under all of its labels (Gmail). */
  readonly gmailId?: bigint;
  /** The answer to any `BODY[HEADER…]`. */
  readonly header?: Uint8Array;
  /** `streamed`: the bytes went to the command's body sink; bytes: the server sent a quoted string. */
  readonly body: 'absent' | 'nil' | 'streamed' | Uint8Array;
}

/** True for the item names under which a whole message arrives. */
export function isBodyItem(name: Value | undefined): boolean {
  if (typeof name !== 'string') return false;
  const upper = name.toUpperCase();
  return upper === 'BODY[]' || upper === 'RFC822';
}

/**
 * Reads the items of a FETCH response; unknown ones and values of the wrong type are passed over.
 * @throws ProtocolError when they are no pairs of name and value: then literal and text are out of step
 */
export function readFetchRow(sequence: number, items: readonly Value[]): FetchRow {
  const row: { -readonly [K in keyof FetchRow]: FetchRow[K] } = { sequence, body: 'absent' };
  for (let index = 0; index < items.length; index += 2) {
    const name = items[index];
    const value = items[index + 1];
    if (typeof name !== 'string' || value === undefined) {
      throw new ProtocolError('The server sent a FETCH response that is no list of names and values.');
    }
    switch (name.toUpperCase()) {
      case 'UID': {
        const uid = numberOf(value);
        if (uid !== undefined && uid >= 1 && uid <= 0xffff_ffff) row.uid = uid;
        break;
      }
      case 'FLAGS':
        if (Array.isArray(value)) row.flags = value.filter((flag) => typeof flag === 'string');
        break;
      case 'INTERNALDATE': {
        const date = textOf(value);
        if (date !== undefined) row.internalDate = date;
        break;
      }
      case 'RFC822.SIZE': {
        const size = numberOf(value);
        if (size !== undefined) row.size = size;
        break;
      }
      case 'MODSEQ': {
        const modseq = bigintOf(Array.isArray(value) ? value[0] : value);
        if (modseq !== undefined) row.modseq = modseq;
        break;
      }
      case 'X-GM-MSGID': {
        const id = bigintOf(value);
        if (id !== undefined) row.gmailId = id;
        break;
      }
      case 'BODY[]':
      case 'RFC822':
        row.body = bodyOf(value);
        break;
      default:
        if (/^BODY\[HEADER/i.test(name)) {
          if (value instanceof Uint8Array) row.header = value;
          else if (isNil(value)) row.header = new Uint8Array(0);
        }
    }
  }
  return row;
}

function bodyOf(value: Value): FetchRow['body'] {
  if (value === STREAMED) return 'streamed';
  return value instanceof Uint8Array ? value : 'nil';
}
