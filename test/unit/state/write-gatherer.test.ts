import { type TableWrite, WriteGatherer } from '../../../shared/state/write-gatherer.ts';

const put = (sk: string): TableWrite => ({ put: { pk: 'p', sk } });

/** A gatherer whose requests a test answers, and whose pause ends when the test says so. */
function gatherer() {
  const requests: Array<{ keys: unknown[]; answer: PromiseWithResolvers<void> }> = [];
  const pauses: PromiseWithResolvers<void>[] = [];
  const subject = new WriteGatherer(
    (writes) => {
      const answer = Promise.withResolvers<void>();
      requests.push({
        keys: writes.map((write) => ('put' in write ? write.put['sk'] : write.delete.sk)),
        answer,
      });
      return answer.promise;
    },
    () => {
      const pause = Promise.withResolvers<void>();
      pauses.push(pause);
      return pause.promise;
    },
  );
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { subject, requests, settle, endPause: () => pauses.shift()?.resolve() };
}

describe('writes that come nearly together', () => {
  test('share one request, and each caller hears when its own are done', async () => {
    const { subject, requests, settle, endPause } = gatherer();
    const both = [subject.write([put('a'), put('b')]), subject.write([put('c')])];
    endPause();
    await settle();
    expect(requests.map(({ keys }) => keys)).toEqual([['a', 'b', 'c']]);
    requests[0]?.answer.resolve();
    await Promise.all(both);
  });

  test('of more than 25 go in several requests, at most four under way, the full ones without a pause', async () => {
    const { subject, requests, settle, endPause } = gatherer();
    const done = subject.write(Array.from({ length: 130 }, (_, index) => put(String(index))));
    await settle();
    expect(requests.map(({ keys }) => keys.length)).toEqual([25, 25, 25, 25]);
    for (let answered = 0; answered < 6; answered += 1) {
      requests[answered]?.answer.resolve();
      await settle();
      endPause();
      await settle();
    }
    await done;
    expect(new Set(requests.flatMap(({ keys }) => keys)).size).toBe(130);
  });

  test('to one key never run beside each other: the later one comes later', async () => {
    const { subject, requests, settle, endPause } = gatherer();
    const first = subject.write([put('a'), put('b')]);
    const second = subject.write([put('a')]);
    endPause();
    await settle();
    expect(requests.map(({ keys }) => keys)).toEqual([['a', 'b']]);
    requests[0]?.answer.resolve();
    await settle();
    endPause();
    await settle();
    expect(requests.map(({ keys }) => keys)).toEqual([['a', 'b'], ['a']]);
    requests[1]?.answer.resolve();
    await Promise.all([first, second]);
  });

  test('fail for those whose request failed, when nothing of theirs is under way any more', async () => {
    const { subject, requests, settle, endPause } = gatherer();
    let ended = false;
    const large = subject
      .write(Array.from({ length: 30 }, (_, index) => put(String(index))))
      .finally(() => {
        ended = true;
      })
      .catch((error: unknown) => error);
    await settle();
    requests[0]?.answer.reject(new Error('table'));
    endPause();
    await settle();
    expect(ended).toBe(false);
    requests[1]?.answer.resolve();
    expect(await large).toEqual(new Error('table'));
  });
});
