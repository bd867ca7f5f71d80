import * as z from 'zod';
import { ProblemError, type ProblemPlace } from './problem.ts';
import { notFound } from './problem-of-error.ts';

/** The parts of a request before they are checked. */
export interface RawRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** Undefined where no body was sent. */
  readonly body: unknown;
}

/** A place in a body that a schema cannot judge. */
export function invalidBody(pointer: string, detail: string): ProblemError {
  return new ProblemError('request-invalid', 'The body of the request is not valid.', {
    errors: [{ in: 'body', pointer, detail }],
  });
}

const MAX_PLACES = 100;
const MAX_DETAIL = 300;

/** The schema of a part of the request that is not there. */
export const nothing = z.strictObject({});

/**
 * Checks one part of a request.
 * @throws ProblemError naming every place that is wrong; for a path, that nothing is found there, since an
 *   identifier of another form names nothing
 */
export function parsePart<Schema extends z.ZodType>(
  part: 'path' | 'query' | 'body',
  schema: Schema | undefined,
  value: unknown,
): z.output<Schema> {
  const parsed = (schema ?? nothing.optional()).safeParse(value);
  // Without a schema the handler's type for this part is empty, and nothing but that has passed.
  if (parsed.success) return parsed.data as z.output<Schema>;
  if (part === 'path') throw notFound();
  throw new ProblemError('request-invalid', `The ${part} of the request is not valid.`, {
    errors: places(part, parsed.error),
  });
}

function places(part: 'query' | 'body', error: z.ZodError): ProblemPlace[] {
  return error.issues.slice(0, MAX_PLACES).map((issue) => ({
    in: part,
    pointer: jsonPointer(issue.path),
    // Messages name types and limits, never the value.
    detail: issue.message.slice(0, MAX_DETAIL),
  }));
}

/** As a URI fragment (RFC 6901 §6). */
function jsonPointer(path: readonly PropertyKey[]): string {
  const parts = path.map((part) =>
    encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')),
  );
  return ['#', ...parts].join('/');
}
