import type { Context } from 'aws-lambda';

/**
 * Lambda's context, and what only one machine can give: `signal` fires when the function has overrun its timeout, or
 * when the process ends and the function has not ended by itself. In the cloud the sandbox is frozen or killed then.
 */
export interface LocalContext extends Context {
  readonly signal: AbortSignal;
}

export type LocalHandler<Event, Result> = (event: Event, context: LocalContext) => Promise<Result>;

/** A function as Lambda has it: its handler with its name and limits. */
export interface LocalFunction<Event, Result> {
  readonly name: string;
  readonly handler: LocalHandler<Event, Result>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
}
