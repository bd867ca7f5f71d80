import { eachAtOnce } from '../../../shared/sync/each-at-once.ts';

describe('doing something for each folder, many at once', () => {
  test('returns after a failure only when what had begun has ended, and begins nothing more', async () => {
    const gate = Promise.withResolvers<void>();
    const ended: string[] = [];
    const folders = Array.from({ length: 400 }, (_, index) => String(index));
    const done = eachAtOnce(
      folders,
      () => 0,
      async (folder) => {
        if (folder === '1') throw new TypeError('refused');
        await gate.promise;
        ended.push(folder);
      },
    );
    let returned = false;
    const watched = done.catch(() => undefined).finally(() => (returned = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(returned).toBe(false);
    gate.resolve();
    await watched;
    await expect(done).rejects.toThrow('refused');
    expect(ended.length).toBeLessThanOrEqual(100);
  });

  test('and so when the folders themselves cannot be read any further', async () => {
    const gate = Promise.withResolvers<void>();
    const ended: string[] = [];
    async function* folders() {
      yield 'a';
      await Promise.resolve();
      throw new TypeError('table away');
    }
    const done = eachAtOnce(
      folders(),
      () => 0,
      async (folder) => {
        await gate.promise;
        ended.push(folder);
      },
    );
    done.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toEqual([]);
    gate.resolve();
    await expect(done).rejects.toThrow('table away');
    expect(ended).toEqual(['a']);
  });

  test('keeps the messages of the folders in work within bounds, and lets a larger folder in alone', async () => {
    const sizes = [300_000, 150_000, 100_000, 2_000_000, 1, 499_999, 1];
    const together: number[][] = [];
    const inWork: number[] = [];
    await eachAtOnce(
      sizes,
      (size) => size,
      async (size) => {
        inWork.push(size);
        together.push([...inWork]);
        await new Promise((resolve) => setImmediate(resolve));
        inWork.splice(inWork.indexOf(size), 1);
      },
    );
    expect(together.map((each) => each.at(-1))).toEqual(sizes);
    const sum = (each: number[]) => each.reduce((total, size) => total + size, 0);
    expect(together.every((each) => each.length === 1 || sum(each) <= 500_000)).toBe(true);
    expect(Math.max(...together.map((each) => each.length))).toBe(2);
  });
});
