import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import type { LocalFunction } from '../functions/local-function.ts';

export type HttpFunction = LocalFunction<APIGatewayProxyEventV2, APIGatewayProxyResultV2>;

/** Who may call a route: anybody, or the bearer of a token that carries at least one of the scopes (if any are named). */
type RouteAccess = { readonly kind: 'open' } | { readonly kind: 'jwt'; readonly scopes?: readonly string[] };

/** What answers: a function by way of an event, or a listener of this process, such as one for static files. */
type RouteTarget =
  | { readonly kind: 'function'; readonly fn: HttpFunction }
  | {
      readonly kind: 'listener';
      readonly listen: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
    };

export interface Route {
  readonly method: 'ANY' | 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Such as "/v1/health", "/v1/users/{id}" or "/v1/{proxy+}"; a last "{name+}" takes all that is left. */
  readonly path: string;
  readonly access: RouteAccess;
  readonly target: RouteTarget;
}

export interface RouteMatch {
  readonly route: Route;
  /** As API Gateway writes it: "ANY /v1/{proxy+}". */
  readonly routeKey: string;
  /** Decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

const GREEDY = /^\{(\w+)\+\}$/;
const SINGLE = /^\{(\w+)\}$/;

/**
 * The most specific route, as API Gateway chooses it: the longest path, literal parts before parameters, parameters
 * before a greedy one, a named method before ANY.
 * @param path of the request, still percent-encoded, without the query
 * @throws URIError for an encoding that cannot be decoded
 */
export function findRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  const matches = routes
    .filter((route) => route.method === 'ANY' || route.method === method)
    .map((route) => ({ route, parameters: matchPath(route.path, path), rank: rankOf(route) }))
    .filter((match) => match.parameters !== undefined)
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1));
  const best = matches[0];
  if (best?.parameters === undefined) return undefined;
  return {
    route: best.route,
    routeKey: `${best.route.method} ${best.route.path}`,
    parameters: best.parameters,
  };
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const greedy = GREEDY.exec(part)?.[1];
    if (greedy !== undefined) {
      const rest = given.slice(index).join('/');
      if (rest === '') return undefined;
      return { ...parameters, [greedy]: decodeURIComponent(rest) };
    }
    const segment = given[index];
    const single = SINGLE.exec(part)?.[1];
    if (segment === undefined) return undefined;
    if (single === undefined ? segment !== part : segment === '') return undefined;
    if (single !== undefined) parameters[single] = decodeURIComponent(segment);
  }
  return given.length === wanted.length ? parameters : undefined;
}

/** Sorts routes that match the same path: the lesser comes first. */
function rankOf(route: Route): string {
  const parts = route.path.split('/').map((part) => {
    if (GREEDY.test(part)) return '2';
    return SINGLE.test(part) ? '1' : '0';
  });
  return `${parts.join('')}${route.method === 'ANY' ? '~' : ''}`;
}
