import type { RefusalCode } from './refusal-code.ts';
import { MAX_SERVER_TEXT, type ServerMeaning } from './server-text.ts';

/** A refusal whose words are known of one provider. */
export interface KnownRefusal {
  /**
   * Looked for in the words behind the response code, of which the first 500 characters count. Plain words and
   * alternatives, nothing that repeats without a bound: a server chooses the text, and must not choose our time.
   */
  readonly pattern: RegExp;
  /** What people read about it. */
  readonly code: RefusalCode;
  /** Missing where the general rules read it right, and only its remedy is the provider's own. */
  readonly meaning?: ServerMeaning;
}

/** How a provider words its refusals; read before the general rules. */
export interface ProviderRefusals {
  /** For every sign-in that is refused without words that say more. */
  readonly signIn?: RefusalCode;
  /** The first that fits counts. */
  readonly texts: readonly KnownRefusal[];
}

/** @param words of a NO, BAD or BYE, without the response code */
export function findKnownRefusal(
  refusals: ProviderRefusals | undefined,
  words: string,
): KnownRefusal | undefined {
  const text = words.slice(0, MAX_SERVER_TEXT);
  return refusals?.texts.find(({ pattern }) => pattern.test(text));
}
