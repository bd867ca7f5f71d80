import fc from 'fast-check';
import { decodeEncodedWords } from '../../../shared/sync/decode-encoded-words.ts';

describe('header text', () => {
  test.each([
    ['=?UTF-8?B?xZpsdWI=?=', 'Ślub'],
    ['=?utf-8?q?Za=C5=BC=C3=B3=C5=82=C4=87_g=C4=99=C5=9Bl=C4=85?= (3)', 'Zażółć gęślą (3)'],
    ['=?ISO-8859-2?Q?=A6lub?= =?ISO-8859-2?Q?_i_wesele?=', 'Ślub i wesele'],
    ['=?UTF-8?B?xQ==?= =?UTF-8?B?mmx1Yg==?=', 'Ślub'],
    ['=?UTF-8?Q?=C5?=\r\n =?utf-8?Q?=9Alub?=', 'Ślub'],
    ['=?utf-8?Q?a?= b =?utf-8?Q?c?=', 'a b c'],
    ['=?utf-8?Q?a?= =?iso-8859-1?Q?=E9?=', 'aé'],
    ['=?utf-8*pl?Q?Cze=C5=9B=C4=87?=', 'Cześć'],
    ['=?x-unknown?Q?abc?=', '=?x-unknown?Q?abc?='],
    ['1 =? 2 ?= 3', '1 =? 2 ?= 3'],
    ['plain', 'plain'],
  ])('%s is %s', (text, meant) => {
    expect(decodeEncodedWords(text)).toBe(meant);
  });

  test('of whatever kind is read, in time that grows with its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => typeof decodeEncodedWords(text) === 'string'),
    );
    const hostile = [
      '=?'.repeat(4_000),
      '=?a?q?'.repeat(1_300),
      `=?a?q?${' '.repeat(8_000)}?=`,
      '=?a?q??= '.repeat(900),
    ];
    for (const text of hostile) expect(decodeEncodedWords(text).length).toBeLessThanOrEqual(text.length);
  });
});
