import { MessagePacer } from '../../../shared/sync/message-pacer.ts';

function pacer(perSecond: () => number | undefined) {
  let monotonic = 0;
  const waits: number[] = [];
  const paced = new MessagePacer({
    perSecond,
    clock: { now: () => 0, monotonic: () => monotonic },
    pause: (ms, signal) => {
      signal.throwIfAborted();
      waits.push(ms);
      monotonic += ms;
      return Promise.resolve();
    },
  });
  return { paced, waits, pass: (ms: number) => (monotonic += ms) };
}

describe('messages that go at a pace', () => {
  const { signal } = new AbortController();

  test('wait for their time, and what is late is not made up for', async () => {
    const { paced, waits, pass } = pacer(() => 4);
    await paced.take(signal);
    await paced.take(signal);
    await paced.take(signal);
    expect(waits).toEqual([250, 250]);
    pass(10_000);
    await paced.take(signal);
    await paced.take(signal);
    expect(waits).toEqual([250, 250, 250]);
  });

  test('go as the pace is at the time, and without one at once', async () => {
    let perSecond: number | undefined = 1;
    const { paced, waits } = pacer(() => perSecond);
    await paced.take(signal);
    await paced.take(signal);
    perSecond = 10;
    await paced.take(signal);
    await paced.take(signal);
    perSecond = undefined;
    await paced.take(signal);
    await paced.take(signal);
    expect(waits).toEqual([1000, 1000, 100]);
  });

  test('stay when the lane ends', async () => {
    const { paced } = pacer(() => 1);
    await paced.take(signal);
    await expect(paced.take(AbortSignal.abort(new RangeError('ended')))).rejects.toThrow('ended');
  });
});
