import { type FUNCTIONS, QUEUES } from '../resources.ts';
import type { DeploymentOptions } from './deployment-options.ts';

/** Executions at one time by function; none of them if nothing is reserved. */
export type ReservedConcurrency = Readonly<Partial<Record<keyof typeof FUNCTIONS | 'signInClaims', number>>>;

/**
 * What each function has for itself, if that is asked for: nothing else in the account takes it away, and the function
 * takes no more. A consumer of a queue has as much as its queue may use, for more would lie idle, and less would refuse
 * messages, which then count as received (Lambda developer guide, "Configuring scaling behavior for SQS").
 */
export function reservedConcurrency(options: DeploymentOptions): ReservedConcurrency {
  if (!options.reserveConcurrency) return {};
  return {
    api: options.apiConcurrency,
    planPass: options.passConcurrency,
    syncChunk: options.chunkConcurrency,
    // a tick ends before the next one comes
    resyncTimer: 1,
    // it has two queues
    deadLetters: 2 * QUEUES.deadLetters.maximumConcurrency,
    signInClaims: 10,
  };
}
