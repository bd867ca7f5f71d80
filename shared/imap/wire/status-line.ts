import type { StatusAnswer } from './response.ts';

const STATUS = /^(OK|NO|BAD|BYE|PREAUTH)(?: +|$)/i;

/** Reads `OK [CODE arguments] text`; undefined when the text is no status. */
export function parseStatusLine(text: string): StatusAnswer | undefined {
  const match = STATUS.exec(text);
  if (match === null) return undefined;
  // the expression above admits no other word
  const status = (match[1] ?? '').toUpperCase() as StatusAnswer['status'];
  const rest = text.slice(match[0].length);
  const end = rest.startsWith('[') ? codeEnd(rest) : -1;
  if (end === -1) return { status, text: rest };
  const inner = rest.slice(1, end).trim();
  const space = inner.indexOf(' ');
  const answer = { status, text: rest.slice(end + 1).trimStart() };
  if (inner === '') return answer;
  if (space === -1) return { ...answer, code: inner.toUpperCase() };
  return {
    ...answer,
    code: inner.slice(0, space).toUpperCase(),
    codeArguments: inner.slice(space + 1).trim(),
  };
}

/** The `]` that ends the code: not one within a quoted string or a list, where keywords may hold it. */
function codeEnd(text: string): number {
  let depth = 0;
  let quoted = false;
  for (let at = 1; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === ']' && depth <= 0) return at;
  }
  return text.indexOf(']');
}
