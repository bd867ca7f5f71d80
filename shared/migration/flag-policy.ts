/** What a destination folder lets one store (RFC 3501 7.1, PERMANENTFLAGS). */
export interface PermittedFlags {
  readonly flags: readonly string[];
  /** It listed `\*`: keywords may be made. */
  readonly anyKeyword: boolean;
  /** Never written, though it takes them: there they do what they do not mean. */
  readonly withheld?: readonly string[];
}

const SYSTEM_FLAGS = new Set(['\\seen', '\\answered', '\\flagged', '\\deleted', '\\draft']);

/** A flag as RFC 3501 9 spells it: an atom, which may follow one backslash. Anything else would break a command. */
const FLAG_SYNTAX = /^\\?[!#$&'+\-./0-9:;<=>?@A-Z[^_`a-z|}~]+$/;

/**
 * The flags of a source message that may be written to the destination, in their order and spelling, each once.
 * `\Recent` belongs to the server and is dropped, and so is what is not permitted or is no valid flag.
 *
 * @param permitted undefined where the server did not say: system flags and keywords are tried, unknown `\Flags`
 *   are not, since servers refuse them
 */
export function writableFlags(flags: readonly string[], permitted: PermittedFlags | undefined): string[] {
  const listed = new Set(permitted?.flags.map((flag) => flag.toLowerCase()) ?? SYSTEM_FLAGS);
  const withheld = new Set(permitted?.withheld?.map((flag) => flag.toLowerCase()));
  const anyKeyword = permitted?.anyKeyword ?? true;
  return withoutRecent(flags).filter(
    (flag) =>
      FLAG_SYNTAX.test(flag) &&
      !withheld.has(flag.toLowerCase()) &&
      (listed.has(flag.toLowerCase()) || (anyKeyword && !flag.startsWith('\\'))),
  );
}

/**
 * Decides whether a change of flags at the source is carried over. The user's own change at the destination wins:
 * the source is followed only where the destination still has what was last written. Sets are compared without
 * regard to case, order and `\Recent`.
 *
 * @param input.source what the source has now, already passed through `writableFlags`: a flag that cannot be
 *   written would otherwise look like a change for ever
 * @returns the whole new set, or undefined where nothing is to be written
 */
export function reconcileFlags(input: {
  source: readonly string[];
  lastWritten: readonly string[];
  destination: readonly string[];
}): { write: string[] } | undefined {
  if (!sameFlags(input.destination, input.lastWritten)) return undefined;
  if (sameFlags(input.source, input.lastWritten)) return undefined;
  return { write: withoutRecent(input.source) };
}

/** Whether two lists are the same set of flags, without regard to case, order and `\Recent`. */
export function sameFlags(a: readonly string[], b: readonly string[]): boolean {
  const left = new Set(withoutRecent(a).map((flag) => flag.toLowerCase()));
  const right = new Set(withoutRecent(b).map((flag) => flag.toLowerCase()));
  return left.size === right.size && [...left].every((flag) => right.has(flag));
}

function withoutRecent(flags: readonly string[]): string[] {
  const seen = new Set(['\\recent']);
  return flags.filter((flag) => {
    const key = flag.toLowerCase();
    return seen.has(key) ? false : Boolean(seen.add(key));
  });
}
