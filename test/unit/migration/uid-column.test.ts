import fc from 'fast-check';
import { UidColumn } from '../../../shared/migration/uid-column.ts';
import { uidsWithout } from '../../../shared/migration/uids-without.ts';

const uids = fc.array(fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 0xffff_ffff })), {
  maxLength: 200,
});

function columnOf(list: Iterable<number>): UidColumn {
  const column = new UidColumn();
  for (const uid of list) column.append(uid);
  return column;
}

const ascending = (list: readonly number[]): number[] => list.toSorted((a, b) => a - b);

describe('a column of UIDs', () => {
  test('gives them in order, all of them or each once', () => {
    fc.assert(
      fc.property(uids, (list) => {
        expect([...columnOf(list).sorted()]).toEqual(ascending(list));
        expect([...columnOf(list).distinct()]).toEqual(ascending([...new Set(list)]));
      }),
    );
  });

  test('grows beyond what it has set aside', () => {
    const count = 9_000_000;
    const column = new UidColumn();
    for (let uid = count; uid >= 1; uid -= 1) column.append(uid);
    const sorted = column.sorted();
    expect(sorted.length).toBe(count);
    expect(sorted.every((uid, index) => uid === index + 1)).toBe(true);
  });
});

test('what is left of UIDs without others is what a set would leave', () => {
  fc.assert(
    fc.property(uids, uids, (list, others) => {
      const left = uidsWithout(columnOf(list).distinct(), columnOf(others).distinct());
      const known = new Set(others);
      expect([...left]).toEqual(ascending([...new Set(list)].filter((uid) => !known.has(uid))));
    }),
  );
});
