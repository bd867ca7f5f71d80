/** Text above which a list of UIDs is taken in parts, in bytes. */
export const LONG_LIST_BYTES = 64 * 1024;

/**
 * The listing of a large folder is one line of many megabytes. SEARCH and ESEARCH lists may be cut between two
 * numbers into responses that say the same, so that no line is ever held whole.
 *
 * @param text the beginning of a line whose end has not come yet
 * @returns a complete response, and the text to go on with; undefined when the line is of another kind
 */
export function splitLongList(text: string): { part: string; rest: string } | undefined {
  if (/^\* SEARCH [\d ]*\r?$/i.test(text)) {
    const cut = text.lastIndexOf(' ');
    const head = '* SEARCH';
    return cut <= head.length ? undefined : { part: text.slice(0, cut), rest: head + text.slice(cut) };
  }
  const extended = /^\* ESEARCH [^\r\n]{0,400}? ALL (?=[\d:,]*\r?$)/i.exec(text);
  if (extended === null) return undefined;
  const [head] = extended;
  const cut = text.lastIndexOf(',');
  if (cut < head.length) return undefined;
  return { part: text.slice(0, cut), rest: head + text.slice(cut + 1) };
}
