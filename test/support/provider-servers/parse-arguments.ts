/** An argument of a command: an atom or quoted string as text, a literal as bytes, a parenthesized list. */
export type Argument = string | Buffer | readonly Argument[];

/** Stands for a literal in the text of a command. */
export const LITERAL = '\0';

/** Reads the arguments of a command (RFC 3501 9). Brackets belong to their atom: `BODY.PEEK[HEADER.FIELDS (DATE)]`. */
export function parseArguments(text: string, literals: readonly Buffer[]): Argument[] {
  const waiting = [...literals];
  let at = 0;
  const list = (): Argument[] => {
    const items: Argument[] = [];
    while (at < text.length) {
      const character = text[at];
      if (character === ' ') at += 1;
      else if (character === ')') return items;
      else items.push(one(character));
    }
    return items;
  };
  const one = (character: string | undefined): Argument => {
    if (character === '(') {
      at += 1;
      const items = list();
      at += 1;
      return items;
    }
    if (character === '"') return quoted();
    if (character === LITERAL) {
      at += 1;
      return waiting.shift() ?? Buffer.alloc(0);
    }
    return atom();
  };
  const quoted = (): string => {
    let value = '';
    for (at += 1; at < text.length && text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      value += text[at] ?? '';
    }
    at += 1;
    return value;
  };
  const atom = (): string => {
    const from = at;
    let depth = 0;
    for (; at < text.length; at += 1) {
      const character = text[at];
      if (character === '[') depth += 1;
      else if (character === ']') depth -= 1;
      else if (depth === 0 && (character === ' ' || character === '(' || character === ')')) break;
    }
    return text.slice(from, at);
  };
  return list();
}

/** One character per byte. */
export function textOf(argument: Argument | undefined): string {
  if (typeof argument === 'string') return argument;
  return Buffer.isBuffer(argument) ? argument.toString('latin1') : '';
}

export function listOf(argument: Argument | undefined): readonly Argument[] {
  return Array.isArray(argument) ? argument : [];
}
