import { changeRecord } from '../../../shared/lifecycle/change-record.ts';
import { StaleWriteError } from '../../../shared/state/errors.ts';

interface Counter {
  readonly count: number;
  readonly version: number;
}

/** A record that is guarded by its version, and what was done with it. */
function guarded(stored: Counter | undefined) {
  let current = stored;
  const done: string[] = [];
  const change = (by: (record: Counter) => Counter | undefined, known?: Counter) =>
    changeRecord(
      async () => {
        done.push('read');
        return current;
      },
      async (record) => {
        done.push('write');
        if (record.version !== current?.version) throw new StaleWriteError('counter');
        current = { ...record, version: record.version + 1 };
        return current;
      },
      by,
      known,
    );
  return { change, done };
}

const plusOne = (record: Counter): Counter => ({ ...record, count: record.count + 1 });

describe('changing a record', () => {
  test('reads it first', async () => {
    const { change, done } = guarded({ count: 1, version: 3 });
    expect(await change(plusOne)).toEqual({ count: 2, version: 4 });
    expect(done).toEqual(['read', 'write']);
  });

  test('does not read what is known', async () => {
    const { change, done } = guarded({ count: 1, version: 3 });
    expect(await change(plusOne, { count: 1, version: 3 })).toEqual({ count: 2, version: 4 });
    expect(done).toEqual(['write']);
  });

  test('reads what is known no longer', async () => {
    const { change, done } = guarded({ count: 7, version: 4 });
    expect(await change(plusOne, { count: 1, version: 3 })).toEqual({ count: 8, version: 5 });
    expect(done).toEqual(['write', 'read', 'write']);
  });

  test('leaves nothing as it is on the word of a record that may be old', async () => {
    const { change, done } = guarded({ count: 7, version: 4 });
    const unlessOne = (record: Counter) => (record.count === 1 ? undefined : plusOne(record));
    expect(await change(unlessOne, { count: 1, version: 3 })).toEqual({ count: 8, version: 5 });
    expect(done).toEqual(['read', 'write']);
  });

  test('finds that there is none any more', async () => {
    const { change } = guarded(undefined);
    expect(await change(plusOne, { count: 1, version: 3 })).toBeUndefined();
  });
});
