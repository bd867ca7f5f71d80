import { catalogueOf } from '../../../shared/i18n/catalogue-of.ts';
import { LANGUAGES } from '../../../shared/i18n/language.ts';
import { negotiateLanguage } from '../../../shared/i18n/negotiate-language.ts';

function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(Object(value)).flatMap(([name, inner]) => textsOf(inner, `${path}/${name}`));
}

describe('the language of an answer', () => {
  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['pl', 'pl'],
    ['VI-VN', 'vi'],
    ['de, fr;q=0.9', 'en'],
    ['de, pl;q=0.1', 'pl'],
    ['en;q=0.5, vi;q=0.8', 'vi'],
    ['pl;q=0, *', 'en'],
    ['en;q=0, *;q=0.5', 'pl'],
    ['pl ; q = 0.3 , en;q=0.2', 'pl'],
    ['pl;q=2', 'en'],
    ['<script>', 'en'],
    [`pl,${'x'.repeat(600)}`, 'en'],
  ])('for %j is %s', (header, language) => {
    expect(negotiateLanguage(header)).toBe(language);
  });
});

describe('the texts', () => {
  test('of the main statuses are those of the product', () => {
    const shown = LANGUAGES.map((language) => {
      const { starting, queued, syncing, synced } = catalogueOf(language).statuses;
      return [starting, queued, syncing, synced];
    });
    expect(shown).toEqual([
      ['Starting', 'Queued', 'Syncing', 'Synced'],
      ['Rozpoczynanie', 'W kolejce', 'Synchronizowanie', 'Zsynchronizowano'],
      ['Đang bắt đầu', 'Đã xếp hàng', 'Đang đồng bộ', 'Đã đồng bộ'],
    ]);
  });

  test.each(LANGUAGES)('in %s have none that is empty or has blanks at its ends', (language) => {
    for (const [path, text] of textsOf(catalogueOf(language))) {
      expect([path, text.trim()]).toEqual([path, text]);
      expect([path, text.length > 0]).toEqual([path, true]);
    }
  });

  test('are translated, every one of them', () => {
    const [english, ...others] = LANGUAGES.map((language) => textsOf(catalogueOf(language)));
    for (const other of others) {
      expect(other.map(([path]) => path).toSorted((a, b) => a.localeCompare(b))).toEqual(
        (english ?? []).map(([path]) => path).toSorted((a, b) => a.localeCompare(b)),
      );
      const same = new Map(english);
      expect(other.filter(([path, text]) => same.get(path) === text)).toEqual([]);
    }
  });
});
