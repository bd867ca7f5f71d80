/** Ms before the end of an invocation at which no new piece of work is begun: the last one needs time to land. */
export const YIELD_MARGIN_MS = 80_000;
/** Ms before the end at which everything is given up, so that the function still ends by itself. */
const ABORT_MARGIN_MS = 5_000;

/** How long an invocation may work. */
export interface InvocationBudget {
  /** Aborts shortly before the runtime would end the invocation by force. */
  readonly signal: AbortSignal;
  /** True once nothing new may be begun; asked again and again, for a process that ends shortens it. */
  isUsed(): boolean;
}

/** The budget that the function's runtime gives. */
export function invocationBudget(context: {
  getRemainingTimeInMillis(): number;
  /** One machine fires it when the process ends. */
  readonly signal?: AbortSignal;
}): InvocationBudget {
  const left = context.getRemainingTimeInMillis();
  const timeout = AbortSignal.timeout(Math.max(1, Math.floor(left - ABORT_MARGIN_MS)));
  return {
    signal: context.signal === undefined ? timeout : AbortSignal.any([timeout, context.signal]),
    isUsed: () => context.getRemainingTimeInMillis() < YIELD_MARGIN_MS,
  };
}
