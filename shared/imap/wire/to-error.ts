import { ConnectionClosedError } from '../errors.ts';

/** What a wait was called off with, as an error: an AbortSignal may carry anything. */
export function toError(reason: unknown): Error {
  return reason instanceof Error
    ? reason
    : new ConnectionClosedError('The work was called off.', { cause: reason });
}
