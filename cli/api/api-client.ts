import { z } from 'zod';
import { ApiRequestError } from '../errors.ts';
import { failedVerdictSchema } from './failed-verdict.ts';

/** Ms. The API ends every request within 29 seconds. */
const TIMEOUT_MS = 35_000;

export interface ApiClient {
  /** @throws ApiRequestError for every answer other than success */
  readonly request: <Body>(
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    options: RequestOptions<Body>,
  ) => Promise<Body>;
  /** All items of a list, page after page. */
  readonly list: <Item>(
    path: string,
    item: z.ZodType<Item>,
    query?: Readonly<Record<string, string>>,
  ) => Promise<Item[]>;
}

interface RequestOptions<Body> {
  readonly answer: z.ZodType<Body>;
  readonly body?: unknown;
}

const problemSchema = z.object({
  code: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  remedy: z.string().optional(),
  errors: z.array(z.object({ detail: z.string(), pointer: z.string().optional() })).optional(),
  verdict: failedVerdictSchema.optional(),
});

/** A client of the HTTP API of this process (or of any other, given its address and a token). */
export function createApiClient(url: string, token: () => Promise<string>): ApiClient {
  const request: ApiClient['request'] = async (method, path, { answer, body }) => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${await token()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw problemOf(response.status, text, `${method} ${path.split('?')[0]}`);
    return answer.parse(text === '' ? undefined : JSON.parse(text));
  };
  return {
    request,
    async list(path, item, asked = {}) {
      const page = z.object({ items: z.array(item), nextCursor: z.string().optional() });
      const items = [];
      let cursor: string | undefined;
      do {
        const query = new URLSearchParams({
          limit: '200',
          ...asked,
          ...(cursor === undefined ? {} : { cursor }),
        });
        const answer = await request('GET', `${path}?${query.toString()}`, { answer: page });
        items.push(...answer.items);
        cursor = answer.nextCursor;
      } while (cursor !== undefined);
      return items;
    },
  };
}

function problemOf(status: number, text: string, what: string): ApiRequestError {
  let parsed: z.output<typeof problemSchema> = {};
  try {
    parsed = problemSchema.parse(JSON.parse(text));
  } catch {
    // Not a problem document: the status says what can be said.
  }
  const { code, title, detail, remedy, errors = [], verdict } = parsed;
  const details = errors.map((error) => `${error.pointer ?? ''} ${error.detail}`.trim());
  const sentences = [
    detail ?? title ?? `The API answered ${status}.`,
    ...details,
    ...(remedy === undefined ? [] : [remedy]),
  ];
  return new ApiRequestError(`${sentences.join(' ')} (${what})`, { status, problem: code, verdict });
}
