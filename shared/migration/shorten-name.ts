import { createHash } from 'node:crypto';
import { encodeModifiedUtf7 } from './modified-utf7.ts';

/** Bytes that a name takes at a server, which may store it in modified UTF-7 or in UTF-8. */
export function bytesOfName(name: string): number {
  return Math.max(encodeModifiedUtf7(name).length, Buffer.byteLength(name, 'utf8'));
}

/** How long a name may be; at least 16 of each. */
interface NameLength {
  readonly bytes: number;
  /** UTF-16 code units; without it only bytes count. */
  readonly characters?: number | undefined;
}

/**
 * The name itself if it is short enough; else its beginning and a digest of the whole, so that names which begin alike
 * stay apart, and the same name is shortened alike in every pass.
 */
export function shortenName(name: string, { bytes, characters = bytes }: NameLength): string {
  const fits = (text: string): boolean => text.length <= characters && bytesOfName(text) <= bytes;
  if (fits(name)) return name;
  const suffix = `~${digestOfName(name)}`;
  // A character takes a byte or more.
  const beginning = Array.from(name.slice(0, bytes));
  while (beginning.length > 0 && !fits(beginning.join('') + suffix)) beginning.pop();
  return beginning.join('').trimEnd() + suffix;
}

/** Eight characters that stand for a name. */
export function digestOfName(name: string): string {
  return createHash('sha256').update(name, 'utf16le').digest('hex').slice(0, 8);
}
