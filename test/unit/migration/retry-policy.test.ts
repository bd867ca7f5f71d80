import fc from 'fast-check';
import { attemptsAnew, isTriedAgain, MAX_ITEM_ATTEMPTS } from '../../../shared/migration/retry-policy.ts';
import { wantedIn } from '../../../shared/migration/retry-wish.ts';

describe('a message that fails', () => {
  /** Tries until it is left alone. */
  function tries(attempts: number): number {
    let made = 0;
    do {
      made += 1;
    } while (isTriedAgain(attempts + made));
    return made;
  }

  test('is tried so often by itself', () => {
    expect(tries(0)).toBe(MAX_ITEM_ATTEMPTS);
  });

  test('is tried as often again once somebody asks, whenever that is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (attempts) => {
        const anew = attemptsAnew(attempts);
        expect(tries(anew)).toBe(MAX_ITEM_ATTEMPTS);
        // The count tells that there was a try before: so it is known to be on the report.
        expect(anew).toBeGreaterThan(0);
        expect(anew).toBeGreaterThanOrEqual(attempts);
      }),
    );
  });
});

describe('a wish', () => {
  const failed = { uid: 7, state: 'failed', reason: 'refused' } as const;

  test('means nothing of other folders', () => {
    expect(wantedIn('a', [{ kind: 'messages', folderId: 'b', uids: [7] }])).toBeUndefined();
    expect(wantedIn('a', [{ kind: 'matching', folderId: 'b' }])).toBeUndefined();
    expect(wantedIn('a', [])).toBeUndefined();
  });

  test('means what is named and what fits, and never what is copied with another label', () => {
    const isWanted = wantedIn('a', [
      { kind: 'messages', folderId: 'a', uids: [8] },
      { kind: 'matching', state: 'failed', reason: 'refused' },
    ]);
    expect(isWanted?.(failed)).toBe(true);
    expect(isWanted?.({ ...failed, state: 'skipped' })).toBe(false);
    expect(isWanted?.({ ...failed, reason: 'over-quota' })).toBe(false);
    expect(isWanted?.({ ...failed, uid: 8, state: 'skipped', reason: 'too-big' })).toBe(true);
    const all = wantedIn('a', [{ kind: 'matching' }]);
    expect(all?.({ ...failed, state: 'skipped', reason: 'other-label' })).toBe(false);
  });
});
