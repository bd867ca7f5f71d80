import { Drain } from '../../../infra/local/functions/drain.ts';
import { invokeFunction } from '../../../infra/local/functions/invoke-function.ts';
import type { LocalContext, LocalFunction } from '../../../infra/local/functions/local-function.ts';
import { silentLogger } from '../../../infra/local/local-logger.ts';
import { ManualClock } from './manual-clock.ts';

describe('an invocation', () => {
  let clock: ManualClock;
  let drain: Drain;

  beforeEach(() => {
    clock = new ManualClock();
    drain = new Drain(clock);
  });

  function invoke<Result>(
    handler: (event: string, context: LocalContext) => Promise<Result>,
    timeoutMs = 30_000,
  ): ReturnType<typeof invokeFunction<string, Result>> {
    const fn: LocalFunction<string, Result> = { name: 'sync-chunk', handler, timeoutMs, memoryMb: 256 };
    return invokeFunction(fn, 'event', { clock, logger: silentLogger, drain });
  }

  test('hands event and context over and returns what the function returns', async () => {
    const outcome = await invoke(async (event, context) => [
      event,
      context.functionName,
      context.memoryLimitInMB,
    ]);
    expect(outcome).toEqual({ kind: 'returned', value: ['event', 'sync-chunk', '256'] });
  });

  test('gives each invocation an id of its own', async () => {
    const ids = await Promise.all([
      invoke(async (_, { awsRequestId }) => awsRequestId),
      invoke(async (_, c) => c.awsRequestId),
    ]);
    expect(ids[0]).not.toEqual(ids[1]);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('boom'))],
    [
      'throws at once',
      () => {
        throw new Error('boom');
      },
    ],
  ])('that %s has failed, and nothing else has', async (_, handler: () => Promise<never>) => {
    expect(await invoke(handler)).toMatchObject({ kind: 'failed', error: { message: 'boom' } });
  });

  test('sees its time run out', async () => {
    const outcome = await invoke(async (_, context) => {
      const before = context.getRemainingTimeInMillis();
      clock.advance(12_000);
      const after = context.getRemainingTimeInMillis();
      clock.advance(60_000);
      return [before, after, context.getRemainingTimeInMillis()];
    });
    expect(outcome).toEqual({ kind: 'returned', value: [30_000, 18_000, 0] });
  });

  test('sees little time left when the process is to end, and the signal when that is over', async () => {
    const outcome = await invoke(async (_, context) => {
      drain.begin(5000);
      const left = context.getRemainingTimeInMillis();
      const before = context.signal.aborted;
      drain.end();
      return [left, before, context.signal.aborted];
    });
    expect(outcome).toEqual({ kind: 'returned', value: [5000, false, true] });
  });

  test('that overruns is abandoned, is told so by the signal, and what it throws later harms nobody', async () => {
    const told = Promise.withResolvers<void>();
    const outcome = await invoke(
      (_, { signal }) =>
        new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new Error('too late'));
            told.resolve();
          });
        }),
      20,
    );
    expect(outcome).toEqual({ kind: 'timed-out' });
    await told.promise;
  });
});
