import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import type { Authorization } from './jwt-authorizer.ts';
import type { RouteMatch } from './route-table.ts';

type Granted = Extract<Authorization, { kind: 'granted' }>;

export interface HttpEventInput {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly match: RouteMatch;
  /** Undefined for a route that is open. */
  readonly authorization: Granted | undefined;
  /** ms since the epoch. */
  readonly now: number;
}

/** Types that are handed to a function as they are; all others go as base64. */
const TEXT_TYPES = /^(text\/|application\/(json|xml|javascript)\b)/i;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/**
 * The event that an HTTP API makes of a request (payload format 2.0): names of headers in lower case, repeated headers
 * and query parameters joined by commas, cookies apart, the path decoded and the query string as it was sent.
 * @throws URIError for a path that cannot be decoded
 */
export function toHttpEvent(input: HttpEventInput): APIGatewayProxyEventV2 {
  const { request, body, match, now } = input;
  const url = splitUrl(request);
  const { cookie, ...headers } = headersOf(request);
  const isText = TEXT_TYPES.test(headers['content-type'] ?? '');
  const rawPath = decodeURIComponent(url.path);
  const parameters = [...new URLSearchParams(url.query)];
  const method = request.method ?? 'GET';
  return {
    version: '2.0',
    routeKey: match.routeKey,
    rawPath,
    rawQueryString: url.query,
    headers,
    ...(cookie === undefined ? {} : { cookies: cookie.split(';').map((text) => text.trim()) }),
    ...(parameters.length === 0 ? {} : { queryStringParameters: joined(parameters) }),
    ...(Object.keys(match.parameters).length === 0 ? {} : { pathParameters: { ...match.parameters } }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: headers['host'] ?? '127.0.0.1',
      domainPrefix: 'local',
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: match.routeKey,
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now,
      ...authorizerOf(input.authorization),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** The path as it was sent, and the query string without its question mark. */
export function splitUrl(request: IncomingMessage): { path: string; query: string } {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

function authorizerOf(
  granted: Granted | undefined,
): Partial<APIGatewayProxyEventV2WithJWTAuthorizer['requestContext']> {
  if (granted === undefined) return {};
  // The types leave out that `scopes` is null where the route names none.
  const scopes = granted.scopes as string[];
  return {
    authorizer: { principalId: '', integrationLatency: 0, jwt: { claims: { ...granted.claims }, scopes } },
  };
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headersDistinct).map(([name, values]): [string, string] => {
    return [name, (values ?? []).join(name === 'cookie' ? '; ' : ',')];
  });
  return Object.fromEntries(entries);
}

function joined(parameters: readonly (readonly [string, string])[]): Record<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of parameters) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(all);
}

/** "12/Mar/2020:19:03:58 +0000" */
function commonLogTime(now: number): string {
  const date = new Date(now);
  const day = String(date.getUTCDate()).padStart(2, '0');
  const month = MONTHS[date.getUTCMonth()] ?? '';
  return `${day}/${month}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
}
