import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Services } from '../services.ts';
import { ProblemError } from './problem.ts';
import type { Answer } from './route.ts';

/** Header names arrive in lower case. */
export const IDEMPOTENCY_HEADER = 'idempotency-key';

const keySchema = z.string().regex(/^[\x21-\x7e]{1,128}$/);

/** What is kept of an answer, to give it again. */
const keptSchema = z.object({ location: z.string().optional(), body: z.unknown() });

/**
 * The client's name for its request, or undefined if it gave none.
 * @throws ProblemError idempotency-key-invalid
 */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const parsed = keySchema.safeParse(header);
  if (parsed.success) return parsed.data;
  throw new ProblemError('idempotency-key-invalid', 'The Idempotency-Key has a form that cannot be used.');
}

/** Names a request in what it makes; the client's key itself may be anything, also something telling. */
export function requestKeyOf(tenant: string, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([tenant, key]))
    .digest('base64url');
}

/**
 * Serves a request once, however often it comes under its key (draft-ietf-httpapi-idempotency-key-header).
 *
 * Only success is kept: a request that was refused has done nothing, so the same key may try again once the cause
 * is mended. A request that failed half-way may be made again too, and goes on where it ended: what it makes is
 * found again by its request key or by its names. One whose server died is free after a minute.
 *
 * @throws ProblemError request-in-progress, idempotency-key-reused, and what `serve` throws
 */
export async function serveOnce(
  { state, logger }: Pick<Services, 'state' | 'logger'>,
  request: { tenant: string; key: string; hash: string },
  serve: () => Promise<Answer<unknown>>,
): Promise<Answer<unknown> & { replayed: boolean }> {
  const { tenant, key, hash } = request;
  const start = await state.idempotency.begin(tenant, key, hash);
  if (start.kind === 'in-progress') {
    throw new ProblemError('request-in-progress', 'A request with this Idempotency-Key has not ended yet.', {
      headers: { 'retry-after': '1' },
    });
  }
  if (start.kind === 'mismatch') {
    throw new ProblemError(
      'idempotency-key-reused',
      'This Idempotency-Key belongs to a request with other content.',
    );
  }
  if (start.kind === 'finished') {
    const { location, body } = keptSchema.parse(start.response.body);
    return {
      status: start.response.status,
      body,
      ...(location === undefined ? {} : { location }),
      replayed: true,
    };
  }

  let answer: Answer<unknown>;
  try {
    answer = await serve();
  } catch (error) {
    await state.idempotency.abandon(tenant, key, start.token).catch((cause: unknown) => {
      // The key is free again after a minute anyway; what matters to the client is the first error.
      logger.warn('An Idempotency-Key could not be freed', {
        error: cause instanceof Error ? cause.name : 'unknown',
      });
    });
    throw error;
  }
  const { status, body, location } = answer;
  try {
    await state.idempotency.finish(tenant, key, start.token, { status, body: { location, body } });
  } catch (cause) {
    // The request is done. To answer it with an error would make the client send it again.
    logger.warn('An answer could not be kept for its Idempotency-Key', {
      error: cause instanceof Error ? cause.name : 'unknown',
    });
  }
  return { ...answer, replayed: false };
}
