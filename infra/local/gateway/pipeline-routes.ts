import type { ServerResponse } from 'node:http';
import { API_ROUTES } from '../../resources.ts';
import type { HttpFunction, Route } from './route-table.ts';
import type { TokenIssuer } from './token-issuer.ts';

/** The HTTP API's routes: its description and its health are open, all else needs a token. */
export function apiRoutes(api: HttpFunction): Route[] {
  const target = { kind: 'function', fn: api } as const;
  return API_ROUTES.map(({ method, path, access }) => ({ method, path, access: { kind: access }, target }));
}

/** Where clients, and authorizers, find the issuer's keys (OpenID Connect Discovery 1.0, section 4). */
export function issuerRoutes(issuer: TokenIssuer): Route[] {
  return [
    document('/.well-known/openid-configuration', issuer.discovery),
    document('/.well-known/jwks.json', issuer.jwks),
  ];
}

function document(path: string, content: object): Route {
  const listen = (_: unknown, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(content));
  };
  return { method: 'GET', path, access: { kind: 'open' }, target: { kind: 'listener', listen } };
}
