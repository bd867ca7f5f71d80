import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ulid } from 'ulid';
import { findRoute } from '../../shared/api/find-route.ts';
import { ROUTES } from '../../shared/api/route-table.ts';
import { problemSchema } from '../../shared/api/schemas/problem-schema.ts';

export type ApiFunction = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

export interface ApiReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; undefined where there is none. */
  readonly body: unknown;
}

export interface ApiCaller {
  readonly tenant?: string;
  readonly scopes?: readonly string[];
}

export interface ApiRequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is in place of a JSON body. */
  readonly rawBody?: string;
  readonly base64?: boolean;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export type ApiClient = (
  method: Method,
  path: string,
  body?: unknown,
  options?: ApiRequestOptions,
) => Promise<ApiReply>;

const BOTH = ['mailhaul:read', 'mailhaul:write'];

/**
 * Calls the API as a client behind the gateway would. Each answer is checked against the schema of its route, so
 * that no test can see an answer that the OpenAPI document does not describe.
 */
export function apiClient(call: ApiFunction, caller: ApiCaller): ApiClient {
  return async (method, path, body, options = {}) => {
    const event = apiEvent(method, path, caller, body, options);
    const result = await call(event);
    const reply: ApiReply = {
      status: result.statusCode ?? 0,
      headers: Object.fromEntries(
        Object.entries(result.headers ?? {}).map(([name, value]) => [name, String(value)]),
      ),
      body: result.body === undefined ? undefined : JSON.parse(result.body),
    };
    checkDescribed(method, event.rawPath, reply);
    return reply;
  };
}

/** An event of payload format 2.0 with the claims of a JWT authorizer. */
export function apiEvent(
  method: Method,
  path: string,
  caller: ApiCaller,
  body?: unknown,
  options: ApiRequestOptions = {},
): APIGatewayProxyEventV2 {
  const { pathname, search } = new URL(path, 'https://api.test');
  const query = Object.fromEntries(new URLSearchParams(search));
  const text = options.rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
  const claims = { tenant: caller.tenant, scope: (caller.scopes ?? BOTH).join(' ') };
  const authorizer = caller.tenant === undefined ? {} : { authorizer: { jwt: { claims, scopes: null } } };
  return {
    version: '2.0',
    routeKey: 'ANY /v1/{proxy+}',
    rawPath: decodeURIComponent(pathname),
    rawQueryString: search.slice(1),
    headers: { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers },
    ...(search === '' ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'api.test',
      domainPrefix: 'api',
      http: { method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: ulid(),
      routeKey: 'ANY /v1/{proxy+}',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 0,
      ...authorizer,
    },
    ...(text === undefined
      ? {}
      : { body: options.base64 === true ? Buffer.from(text).toString('base64') : text }),
    isBase64Encoded: options.base64 === true,
  };
}

function checkDescribed(method: Method, path: string, reply: ApiReply): void {
  if (reply.status >= 400) {
    expect(problemSchema.parse(reply.body)).toEqual(reply.body);
    expect(reply.headers['content-type']).toBe('application/problem+json');
    return;
  }
  const found = findRoute(ROUTES, method, path);
  if (found.kind !== 'route') throw new Error(`${method} ${path} was answered and is no route`);
  expect(found.route.answers.map(({ status }) => status)).toContain(reply.status);
  // Parsing drops what the schema does not know: equal means that nothing was.
  expect(found.route.schemas.answer?.parse(reply.body)).toEqual(reply.body);
}

/** A text field of an answer. */
export function textOf(reply: ApiReply, ...path: string[]): string {
  let value: unknown = reply.body;
  for (const name of path) value = Object.getOwnPropertyDescriptor(Object(value), name)?.value;
  if (typeof value !== 'string')
    throw new Error(`the answer has no text at ${path.join('.')}: ${JSON.stringify(reply.body)}`);
  return value;
}

/** The items of a list's answer. */
export function itemsOf(reply: ApiReply): unknown[] {
  const items: unknown = Object.getOwnPropertyDescriptor(Object(reply.body), 'items')?.value;
  if (!Array.isArray(items)) throw new Error(`the answer is no list: ${JSON.stringify(reply.body)}`);
  return items;
}
