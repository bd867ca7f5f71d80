import type { Catalogue } from './catalogue.ts';
import { english } from './catalogues/english.ts';
import { polish } from './catalogues/polish.ts';
import { vietnamese } from './catalogues/vietnamese.ts';
import type { Language } from './language.ts';

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en: english, pl: polish, vi: vietnamese };

export function catalogueOf(language: Language): Catalogue {
  return CATALOGUES[language];
}
