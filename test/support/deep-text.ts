/** The first text found under a name, however deep an answer has it. */
export function deepText(value: unknown, name: string): string {
  const found = find(value, name);
  if (typeof found !== 'string') throw new TypeError(`The answer has no ${name}: ${JSON.stringify(value)}`);
  return found;
}

function find(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found: unknown = key === name ? inner : find(inner, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
