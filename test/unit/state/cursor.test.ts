import fc from 'fast-check';
import { clampLimit, decodeCursor, encodeCursor } from '../../../shared/state/cursor.ts';
import { CursorInvalidError } from '../../../shared/state/errors.ts';

describe('a cursor', () => {
  test('leads back to its position in its list', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (list, position) => {
        expect(decodeCursor(list, encodeCursor(list, position))).toBe(position);
      }),
    );
  });

  test('is refused by every other list', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ minLength: 1 }), (list, other, position) => {
        fc.pre(list !== other);
        expect(() => decodeCursor(other, encodeCursor(list, position))).toThrow(CursorInvalidError);
      }),
    );
  });

  test('that nobody gave out is refused with a typed error, whatever it is', () => {
    const forged = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      fc.constant('x'.repeat(100_000)),
    );
    fc.assert(
      fc.property(forged, (cursor) => {
        expect(() => decodeCursor('list', cursor)).toThrow(CursorInvalidError);
      }),
    );
  });
});

test('a page holds at least one record and at most a thousand', () => {
  expect([0, -5, 1, 50.7, 1000, 1_000_000].map(clampLimit)).toEqual([1, 1, 1, 50, 1000, 1000]);
});
