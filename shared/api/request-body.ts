import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ProblemError } from './problem.ts';
import type { Route } from './route.ts';

/** Bytes; most bodies are a handful of fields. */
const DEFAULT_MAX_BYTES = 64 * 1024;

export interface RequestBody {
  /** Undefined where none was sent. */
  readonly value: unknown;
  /** As it was sent, for telling two requests apart. */
  readonly bytes: Buffer;
}

/**
 * The body of a request by its Content-Type, bounded.
 * @throws ProblemError body-too-large, media-type-unsupported, body-malformed
 */
export function readBody(event: APIGatewayProxyEventV2, route: Route): RequestBody {
  const limit = route.maxBodyBytes ?? DEFAULT_MAX_BYTES;
  const text = event.body ?? '';
  // Four characters of base64 are three bytes: too long a text need not be decoded to be refused.
  if (text.length > 2 * limit) throw tooLarge(limit);
  const bytes = Buffer.from(text, event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > limit) throw tooLarge(limit);
  if (bytes.length === 0) return { value: undefined, bytes };

  const type = (event.headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase();
  if (type === 'text/csv' && route.takesCsv === true) return { value: { csv: decodeUtf8(bytes) }, bytes };
  if (type !== 'application/json') {
    throw new ProblemError(
      'media-type-unsupported',
      'The Content-Type of the body is not one of this route.',
    );
  }
  return { value: parseJson(decodeUtf8(bytes)), bytes };
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ProblemError('body-malformed', 'The body is not valid UTF-8.');
  }
}

/** The parser's own message quotes the text, which may hold a password. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError('body-malformed', 'The body is not valid JSON.');
  }
}

function tooLarge(limit: number): ProblemError {
  return new ProblemError('body-too-large', `The body is larger than ${limit} bytes.`);
}
