import fc from 'fast-check';
import { IdSet } from '../../../shared/migration/id-set.ts';

describe('a set of 64-bit ids', () => {
  test('holds what was added, each once', () => {
    const id = fc.oneof(
      fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: 1_278_455_344_230_334_000n, max: 1_278_455_344_230_336_000n }),
    );
    fc.assert(
      fc.property(fc.array(id, { maxLength: 3_000 }), fc.array(id), (ids, others) => {
        const set = new IdSet();
        const plain = new Set<bigint>();
        for (const each of ids) {
          expect(set.add(each)).toBe(!plain.has(each));
          plain.add(each);
        }
        expect(set.size).toBe(plain.size);
        for (const each of [...ids, ...others]) expect(set.has(each)).toBe(plain.has(each));
      }),
      { numRuns: 50 },
    );
  });
});
