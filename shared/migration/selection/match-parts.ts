import { LEVEL, type PatternPart } from './pattern-parts.ts';

/**
 * Compares a text with a pattern; time and memory grow with the product of their lengths, whatever the wildcards.
 * @returns what each wildcard stands for, each as long as it can be, the first before the second; undefined where the
 * text does not match
 */
export function matchParts(parts: readonly PatternPart[], text: string): string[] | undefined {
  // reachable[part] = from where in the text the parts from this one on match to its end
  const reachable: Uint8Array[] = [];
  let after = new Uint8Array(text.length + 1);
  after[text.length] = 1;
  reachable[parts.length] = after;
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    const here = new Uint8Array(text.length + 1);
    const part = parts[index];
    for (let at = text.length; at >= 0; at -= 1) {
      if (part?.kind === 'text') {
        here[at] = text.startsWith(part.text, at) ? (after[at + part.text.length] ?? 0) : 0;
      } else {
        const goesOn = at < text.length && (part?.kind === 'any' || text[at] !== LEVEL);
        here[at] = after[at] === 1 || (goesOn && here[at + 1] === 1) ? 1 : 0;
      }
    }
    reachable[index] = here;
    after = here;
  }
  if (after[0] !== 1) return undefined;

  const captures: string[] = [];
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'text') {
      at += part.text.length;
      continue;
    }
    const from = at;
    let end = at;
    for (let next = at; next <= text.length; next += 1) {
      if (reachable[index + 1]?.[next] === 1) end = next;
      if (part.kind === 'name' && text[next] === LEVEL) break;
    }
    at = end;
    captures.push(text.slice(from, end));
  }
  return captures;
}
