import { ReadGatherer } from '../../../shared/state/read-gatherer.ts';

const key = (sk: string) => ({ pk: 'p', sk });

/** A gatherer over items of these sort keys, with the requests that it made. */
function gatherer(...existing: string[]) {
  const requests: string[][] = [];
  const subject = new ReadGatherer((keys) => {
    requests.push(keys.map(({ sk }) => sk));
    const found = keys.filter(({ sk }) => existing.includes(sk)).map((each) => ({ ...each, of: each.sk }));
    return Promise.resolve(found.toReversed());
  });
  return { subject, requests };
}

describe('reads that are asked for in the same turn of the event loop', () => {
  test('share one request, and each gets its own item', async () => {
    const { subject, requests } = gatherer('a', 'c');
    const items = await Promise.all([subject.read(key('a')), subject.read(key('b')), subject.read(key('c'))]);
    expect(items).toEqual([{ ...key('a'), of: 'a' }, undefined, { ...key('c'), of: 'c' }]);
    expect(requests).toEqual([['a', 'b', 'c']]);
  });

  test('do so also where one comes out of what another one awaits', async () => {
    const { subject, requests } = gatherer('a', 'b');
    const late = async () => {
      await Promise.resolve();
      await Promise.resolve();
      return subject.read(key('b'));
    };
    await Promise.all([subject.read(key('a')), late()]);
    expect(requests).toEqual([['a', 'b']]);
  });

  test('of one key name it once', async () => {
    const { subject, requests } = gatherer('a');
    const [one, two] = await Promise.all([subject.read(key('a')), subject.read(key('a'))]);
    expect(one).toEqual(two);
    expect(requests).toEqual([['a']]);
  });

  test('all fail with their request, and the next one begins anew', async () => {
    let fails = true;
    const subject = new ReadGatherer((keys) =>
      fails
        ? Promise.reject(new TypeError('out of reach'))
        : Promise.resolve(keys.map((each) => ({ ...each }))),
    );
    const both = await Promise.allSettled([subject.read(key('a')), subject.read(key('b'))]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    await expect(subject.read(key('a'))).resolves.toEqual(key('a'));
  });

  test('but one that comes later is never answered by an earlier request', async () => {
    const { subject, requests } = gatherer('a');
    const early = subject.read(key('a'));
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([early, subject.read(key('a'))]);
    expect(requests).toEqual([['a'], ['a']]);
  });
});
