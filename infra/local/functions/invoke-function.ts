import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../shared/migration/clock.ts';
import type { LocalLogger } from '../local-logger.ts';
import type { Drain } from './drain.ts';
import type { LocalContext, LocalFunction } from './local-function.ts';

/** How an invocation ended. A function that throws has failed; it never takes the process with it. */
export type InvocationOutcome<Result> =
  | { readonly kind: 'returned'; readonly value: Result }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'timed-out' };

export interface InvocationSurroundings {
  readonly clock: Clock;
  readonly logger: LocalLogger;
  readonly drain: Drain;
}

/**
 * Runs a function as Lambda does: with a context, and for no longer than its timeout. A function that overruns is
 * abandoned: nobody waits for it any more, and what it still returns or throws is dropped.
 */
export async function invokeFunction<Event, Result>(
  fn: LocalFunction<Event, Result>,
  event: Event,
  surroundings: InvocationSurroundings,
): Promise<InvocationOutcome<Result>> {
  const requestId = randomUUID();
  const ending = new AbortController();
  const context = createContext(fn, requestId, ending.signal, surroundings);
  const leave = surroundings.drain.enrol(ending);
  const handled = run(fn, event, context).finally(leave);
  const overrun = Promise.withResolvers<InvocationOutcome<Result>>();
  const timer = setTimeout(() => overrun.resolve({ kind: 'timed-out' }), fn.timeoutMs);
  const outcome = await Promise.race([handled, overrun.promise]);
  clearTimeout(timer);
  if (outcome.kind === 'timed-out') ending.abort(new Error(`${fn.name} timed out after ${fn.timeoutMs} ms.`));
  report(fn, requestId, outcome, surroundings.logger);
  return outcome;
}

async function run<Event, Result>(
  fn: LocalFunction<Event, Result>,
  event: Event,
  context: LocalContext,
): Promise<InvocationOutcome<Result>> {
  try {
    return { kind: 'returned', value: await fn.handler(event, context) };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

function report(
  fn: LocalFunction<never, unknown>,
  requestId: string,
  outcome: InvocationOutcome<unknown>,
  logger: LocalLogger,
): void {
  switch (outcome.kind) {
    case 'returned':
      return;
    case 'failed':
      logger.error('A function failed', { function: fn.name, requestId, error: outcome.error });
      return;
    case 'timed-out':
      logger.error('A function overran its timeout and is abandoned', {
        function: fn.name,
        requestId,
        timeoutMs: fn.timeoutMs,
      });
  }
}

function createContext(
  fn: LocalFunction<never, unknown>,
  requestId: string,
  signal: AbortSignal,
  { clock, drain }: InvocationSurroundings,
): LocalContext {
  const endsAt = clock.monotonic() + fn.timeoutMs;
  return {
    awsRequestId: requestId,
    functionName: fn.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${fn.name}`,
    memoryLimitInMB: String(fn.memoryMb),
    logGroupName: `/aws/lambda/${fn.name}`,
    logStreamName: requestId,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, Math.min(endsAt, drain.endsAt) - clock.monotonic()),
    signal,
    // The callback style that Lambda's types still ask for; promises are the only way here.
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
