import * as z from 'zod';

/** Names under which AWS services and their SDK report a fault that passes: throttling, time-outs, faults of theirs. */
const PASSING = new Set([
  'InternalFailure',
  'InternalServerError',
  'InternalServiceError',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestTimeout',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);

/** Node's codes for a connection that did not come about or broke. */
const NETWORK = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Tells whether the same request may succeed later: the service was throttling, failing or out of reach. */
export function isUnavailable(error: unknown): boolean {
  // Not instanceof: an error of node's own sockets may come from another realm than ours.
  if (typeof error !== 'object' || error === null) return false;
  if ('name' in error && typeof error.name === 'string' && PASSING.has(error.name)) return true;
  if ('code' in error && typeof error.code === 'string' && NETWORK.has(error.code)) return true;
  const { httpStatusCode, attempts } = metadataOf(error);
  if (httpStatusCode !== undefined) return httpStatusCode >= 500 || httpStatusCode === 429;
  // No answer came, and the SDK itself found it worth another try.
  return attempts !== undefined && attempts > 1;
}

/** The HTTP status of an answer that the SDK turned into an error. */
export function httpStatusOf(error: unknown): number | undefined {
  return metadataOf(error).httpStatusCode;
}

const metadataSchema = z.object({
  $metadata: z.object({ httpStatusCode: z.number().optional(), attempts: z.number().optional() }),
});

function metadataOf(error: unknown): z.infer<typeof metadataSchema>['$metadata'] {
  const parsed = metadataSchema.safeParse(error);
  return parsed.success ? parsed.data.$metadata : {};
}
