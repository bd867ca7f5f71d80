import fc from 'fast-check';
import { MigrationInputError } from '../../../shared/migration/errors.ts';
import { indexOfUid } from '../../../shared/migration/index-of-uid.ts';
import { UidMap } from '../../../shared/migration/uid-map.ts';

const uid = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 0xffff_ffff }));
const ascending = fc
  .uniqueArray(uid, { maxLength: 100 })
  .map((list) => Uint32Array.from(list.toSorted((a, b) => a - b)));

test('a UID is found where it is, and only there', () => {
  fc.assert(
    fc.property(ascending, uid, (uids, other) => {
      expect([...uids].map((each) => indexOfUid(uids, each))).toEqual([...uids.keys()]);
      expect(indexOfUid(uids, other)).toBe(uids.indexOf(other));
      expect(indexOfUid(uids, 0)).toBe(-1);
    }),
  );
});

test('a map of UIDs gives what a Map gives', () => {
  const given = fc.array(fc.tuple(fc.nat(), uid), { maxLength: 100 });
  fc.assert(
    fc.property(ascending, given, uid, (own, pairs, stranger) => {
      const map = new UidMap(own);
      const wanted = new Map<number, number>();
      for (const [position, other] of own.length === 0 ? [] : pairs) {
        const key = own[position % own.length] ?? 0;
        map.set(key, other);
        wanted.set(key, other);
      }
      expect(map.size).toBe(wanted.size);
      for (const key of [...own, stranger]) expect(map.get(key)).toBe(wanted.get(key));
    }),
  );
});

test('a UID that is no key is refused', () => {
  expect(() => new UidMap(Uint32Array.of(1, 3)).set(2, 9)).toThrow(MigrationInputError);
});
