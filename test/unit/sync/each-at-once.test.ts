import { eachAtOnce } from '../../../shared/sync/each-at-once.ts';

describe('doing something for each folder, many at once', () => {
  test('returns after a failure only when what had begun has ended, and begins nothing more', async () => {
    const gate = Promise.withResolvers<void>();
    const ended: string[] = [];
    const folders = Array.from({ length: 40 }, (_, index) => String(index));
    const done = eachAtOnce(folders, async (folder) => {
      if (folder === '1') throw new TypeError('refused');
      await gate.promise;
      ended.push(folder);
    });
    let returned = false;
    const watched = done.catch(() => undefined).finally(() => (returned = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(returned).toBe(false);
    gate.resolve();
    await watched;
    await expect(done).rejects.toThrow('refused');
    expect(ended.length).toBeLessThan(17);
  });

  test('and so when the folders themselves cannot be read any further', async () => {
    const gate = Promise.withResolvers<void>();
    const ended: string[] = [];
    async function* folders() {
      yield 'a';
      await Promise.resolve();
      throw new TypeError('table away');
    }
    const done = eachAtOnce(folders(), async (folder) => {
      await gate.promise;
      ended.push(folder);
    });
    done.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toEqual([]);
    gate.resolve();
    await expect(done).rejects.toThrow('table away');
    expect(ended).toEqual(['a']);
  });
});
