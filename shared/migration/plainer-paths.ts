import { digestOfName, shortenName } from './shorten-name.ts';

/** What no server is known to refuse in a name, beside letters and digits. */
const PLAIN = /[^\p{L}\p{N}\p{M} _.,()+=-]/gu;
const PLAIN_ASCII = /[^A-Za-z0-9 _-]/g;
const TOP_BYTES = 60;

/**
 * Where a folder may come whose place a destination refuses for a reason that nobody told us, the nearest first: with
 * the doubtful characters of each name replaced, and without blanks at its ends; then by a short name of ASCII letters
 * at the top. A digest keeps them apart, so that nothing else comes there. Folders below find the same replacements in
 * their own paths.
 *
 * @param prefix personal namespace of the destination, with its delimiter; may be empty
 */
export function plainerPaths(
  path: string,
  { delimiter, prefix }: { delimiter: string; prefix: string },
): string[] {
  const own = path.startsWith(prefix) ? path.slice(prefix.length) : path;
  const names = delimiter === '' ? [own] : own.split(delimiter);
  const plain = names.map((name) => replaced(name, PLAIN)).join(delimiter);
  const last = names.at(-1) ?? '';
  const top = `${shortenName(last.replace(PLAIN_ASCII, '_').trim(), { bytes: TOP_BYTES })}~${digestOfName(path)}`;
  const candidates = new Set([prefix + plain, prefix + top]);
  return [...candidates].filter((candidate) => candidate !== path);
}

function replaced(name: string, doubtful: RegExp): string {
  const plain = name.replace(doubtful, '_').trim();
  return plain === name ? name : `${plain}~${digestOfName(name)}`;
}
