/** Stands where a literal stood whose bytes were handed on as they came. */
export const STREAMED: unique symbol = Symbol('streamed literal');

/**
 * A value of a response: an atom (string, one character per byte), a quoted string or literal (bytes),
 * or a parenthesised list. NIL is the atom 'NIL': it differs from the string "NIL".
 */
export type Value = string | Uint8Array | typeof STREAMED | Value[];

export function isNil(value: Value | undefined): boolean {
  return typeof value === 'string' && value.toUpperCase() === 'NIL';
}

/** The text of an atom or string, one character per byte; undefined for NIL, lists and streamed literals. */
export function textOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return isNil(value) ? undefined : value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return undefined;
}

/** A decimal number of at most 20 digits that JavaScript holds exactly. */
export function numberOf(value: Value | undefined): number | undefined {
  const text = textOf(value);
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A 63-bit number such as a mod-sequence (RFC 7162). */
export function bigintOf(value: Value | undefined): bigint | undefined {
  const text = textOf(value);
  return text !== undefined && /^\d{1,20}$/.test(text) ? BigInt(text) : undefined;
}
