import type { ExpressionParser, ParseContext } from 'dynalite/db/conditionParser.js';

/** What is checked in these depends on the values themselves, not only on their types. */
const LOOKS_AT_VALUES = /between|attribute_type/i;

/** The functions have a few dozen. */
const MOST_REMEMBERED = 500;

/** An expression that was found to be good. */
interface Parsed {
  /** What the parser made of it, with a slot wherever a value of the request is. */
  readonly form: object;
  readonly usedNames: readonly string[];
  readonly usedValues: readonly string[];
}

class ValueSlot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Lets a parser of dynalite's parse each expression once. The functions send the same few again and again, only with
 * other values, and to parse one takes as long as to serve the rest of a small request.
 *
 * What a parser says depends on the text, on what the `#names` stand for and on the types of the `:values`: all of
 * these are what an expression is known by. One that is refused is parsed each time.
 */
export function rememberParses(parser: ExpressionParser): void {
  const parse = parser.parse.bind(parser);
  const remembered = new Map<string, Parsed>();

  parser.parse = (text, { context }) => {
    if (LOOKS_AT_VALUES.test(text)) return parse(text, { context });
    const key = JSON.stringify([text, context.attrNames, typesOf(context.attrVals)]);
    let parsed = remembered.get(key);
    if (parsed === undefined) {
      // Not the request's own lists: an expression before this one has taken from them what both use.
      const unusedAttrNames = listed(context.attrNames);
      const unusedAttrVals = listed(context.attrVals);
      const result = parse(text, { context: { ...context, unusedAttrNames, unusedAttrVals } });
      if (typeof result === 'string') return result;
      parsed = {
        form: withSlots(result, context.attrVals),
        usedNames: Object.keys(context.attrNames ?? {}).filter((name) => !(name in unusedAttrNames)),
        usedValues: Object.keys(context.attrVals ?? {}).filter((name) => !(name in unusedAttrVals)),
      };
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(key, parsed);
    }
    for (const name of parsed.usedNames) delete context.unusedAttrNames[name];
    for (const name of parsed.usedValues) delete context.unusedAttrVals[name];
    // A copy for each request, because dynalite writes into it.
    return copied(parsed.form, (part) =>
      part instanceof ValueSlot ? context.attrVals?.[part.name] : undefined,
    );
  };
}

function typesOf(values: ParseContext['attrVals']): string[][] {
  return Object.entries(values ?? {}).map(([name, value]) => [name, ...Object.keys(value)]);
}

function listed(named: object | undefined): Record<string, true> {
  return Object.fromEntries(Object.keys(named ?? {}).map((name) => [name, true]));
}

function withSlots(result: object, values: ParseContext['attrVals']): object {
  const slots = new Map<object, ValueSlot>(
    Object.entries(values ?? {}).map(([name, value]) => [value, new ValueSlot(name)]),
  );
  return copied(result, (part) => slots.get(part));
}

/** A deep copy, with other objects in place of those for which there are any. */
function copied(original: object, replacement: (part: object) => object | undefined): object {
  const copy = (part: unknown): unknown =>
    typeof part === 'object' && part !== null ? copied(part, replacement) : part;
  const replaced = replacement(original);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(original)) return original.map(copy);
  // Objects that are sets of names have no prototype, and must not get one.
  const result = Object.create(Object.getPrototypeOf(original) as object | null) as Record<string, unknown>;
  for (const [name, part] of Object.entries(original)) result[name] = copy(part);
  return result;
}
