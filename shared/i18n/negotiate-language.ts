import { LANGUAGES, type Language } from './language.ts';

const MAX_HEADER = 500;
const RANGE =
  /^\s*(?<tag>\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*(?<weight>[01](?:\.\d{0,3})?)\s*)?$/;

/**
 * The language to answer in (RFC 9110 §12.5.4, basic filtering of RFC 4647 by primary subtag). What cannot be read
 * is passed over; a header that is absent, too long or satisfied by none of ours means English.
 */
export function negotiateLanguage(header: string | undefined): Language {
  if (header === undefined || header.length > MAX_HEADER) return LANGUAGES[0];
  const weights = new Map<string, number>();
  for (const range of header.split(',')) {
    const groups = RANGE.exec(range)?.groups;
    const primary = groups?.tag?.split('-')[0]?.toLowerCase();
    if (primary === undefined) continue;
    const weight = groups?.weight === undefined ? 1 : Number(groups.weight);
    weights.set(primary, Math.max(weight, weights.get(primary) ?? 0));
  }
  let best: Language = LANGUAGES[0];
  let bestWeight = 0;
  for (const language of LANGUAGES) {
    const weight = weights.get(language) ?? weights.get('*') ?? 0;
    if (weight > bestWeight) {
      best = language;
      bestWeight = weight;
    }
  }
  return best;
}
