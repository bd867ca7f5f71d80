import fc from 'fast-check';
import { instantOf, internalDateOf } from '../../support/internal-date.ts';

describe("the tests' own INTERNALDATE", () => {
  test.each([
    [' 7-Jan-2001 02:44:25 +0500', '2001-01-06T21:44:25.000Z'],
    ['31-Dec-2037 23:59:59 -1200', '2038-01-01T11:59:59.000Z'],
    ['01-Jan-1970 05:45:00 +0545', '1970-01-01T00:00:00.000Z'],
  ])('%s is the instant %s', (text, instant) => {
    expect(new Date(instantOf(text)).toISOString()).toBe(instant);
  });

  test('names any second in any zone', () => {
    fc.assert(
      fc.property(fc.nat(2_145_916_800), fc.integer({ min: -720, max: 840 }), (seconds, zone) => {
        expect(instantOf(internalDateOf(seconds * 1000, zone))).toBe(seconds * 1000);
      }),
    );
  });
});
