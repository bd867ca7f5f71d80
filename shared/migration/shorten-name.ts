import { createHash } from 'node:crypto';
import { encodeModifiedUtf7 } from './modified-utf7.ts';

/** Bytes that a name takes at a server, which may store it in modified UTF-7 or in UTF-8. */
export function bytesOfName(name: string): number {
  return Math.max(encodeModifiedUtf7(name).length, Buffer.byteLength(name, 'utf8'));
}

/**
 * The name itself if it is short enough; else its beginning and a digest of the whole, so that names which begin alike
 * stay apart, and the same name is shortened alike in every pass.
 * @param bytes at least 16
 */
export function shortenName(name: string, bytes: number): string {
  if (bytesOfName(name) <= bytes) return name;
  const suffix = `~${digestOfName(name)}`;
  // A character takes a byte or more.
  const characters = Array.from(name.slice(0, bytes));
  while (characters.length > 0 && bytesOfName(characters.join('') + suffix) > bytes) characters.pop();
  return characters.join('').trimEnd() + suffix;
}

/** Eight characters that stand for a name. */
export function digestOfName(name: string): string {
  return createHash('sha256').update(name, 'utf16le').digest('hex').slice(0, 8);
}
