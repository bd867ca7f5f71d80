import { isUtf8 } from 'node:buffer';
import { decodeModifiedUtf7, encodeModifiedUtf7 } from '../../migration/modified-utf7.ts';

const NOT_ASCII = /[\x80-\xff]/;

/**
 * The name of a folder for people. Where it is no modified UTF-7 as a whole, each part of it is read by itself, one
 * in 8 bits as UTF-8 or else as what most such names are, Windows-1252.
 *
 * @param name one character per byte
 */
export function readListedName(name: string, delimiter: string): string {
  const whole = decodeModifiedUtf7(name);
  if (encodeModifiedUtf7(whole) === name) return whole;
  const parts = delimiter === '' ? [name] : name.split(delimiter);
  return parts.map(readPart).join(delimiter);
}

function readPart(part: string): string {
  if (!NOT_ASCII.test(part)) return decodeModifiedUtf7(part);
  const bytes = Buffer.from(part, 'latin1');
  return new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252').decode(bytes);
}
