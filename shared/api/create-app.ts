import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { discoverServer } from '../imap/discovery/discover-server.ts';
import { testConnection } from '../imap/connection-test/test-connection.ts';
import { catalogueOf } from '../i18n/catalogue-of.ts';
import type { Language } from '../i18n/language.ts';
import { negotiateLanguage } from '../i18n/negotiate-language.ts';
import { ConsentError } from '../consent/errors.ts';
import type { Services } from '../services.ts';
import { readCaller, requireScope } from './caller.ts';
import type { ConnectionTest } from './connection-test-port.ts';
import type { Discover } from './discovery-port.ts';
import { findRoute } from './find-route.ts';
import { ProblemError } from './problem.ts';
import { notFound, problemOfError } from './problem-of-error.ts';
import { readBody } from './request-body.ts';
import { requestHash } from './request-hash.ts';
import { answerReply, pageReply, problemReply } from './reply.ts';
import type { Answer, Route } from './route.ts';
import { ROUTES } from './route-table.ts';
import { IDEMPOTENCY_HEADER, readIdempotencyKey, requestKeyOf, serveOnce } from './serve-once.ts';

export type Reply = APIGatewayProxyStructuredResultV2;
export type App = (event: APIGatewayProxyEventV2, signal?: AbortSignal) => Promise<Reply>;

/** The HTTP API as a function from event to reply; never throws. */
export function createApp(
  services: Services,
  options: { testConnection?: ConnectionTest; discover?: Discover; routes?: readonly Route[] } = {},
): App {
  const routes = options.routes ?? ROUTES;
  const ports: Ports = {
    testConnection: options.testConnection ?? testConnection,
    discover: options.discover ?? discoverServer,
  };
  return async (event, signal = new AbortController().signal) => {
    const language = negotiateLanguage(event.headers['accept-language']);
    const began = services.clock.monotonic();
    let route: Route | undefined;
    let reply: Reply;
    try {
      const found = findRoute(routes, event.requestContext.http.method, event.rawPath);
      if (found.kind === 'none') throw notFound();
      if (found.kind === 'other-methods') throw methodNotAllowed(found.methods);
      route = found.route;
      const answer = await serve(services, ports, { event, route, params: found.params, language, signal });
      reply = answerReply(answer, language);
    } catch (error) {
      const problem = problemOfError(error);
      if (error instanceof ConsentError) logRefusal(services, error);
      else if (problem.code === 'internal') logFault(services, problem);
      if (route?.pages === true) reply = pageReply(error, language);
      else reply = problemReply(problem, { language, requestId: event.requestContext.requestId });
    }
    // The path's pattern and not the path: that may hold an address.
    services.logger.info('request', {
      requestId: event.requestContext.requestId,
      route: route === undefined ? 'none' : `${route.method} ${route.path}`,
      status: reply.statusCode,
      ms: Math.round(services.clock.monotonic() - began),
    });
    return reply;
  };
}

/** What reaches out to servers of others. */
interface Ports {
  readonly testConnection: ConnectionTest;
  readonly discover: Discover;
}

interface Request {
  readonly event: APIGatewayProxyEventV2;
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly language: Language;
  readonly signal: AbortSignal;
}

async function serve(
  services: Services,
  ports: Ports,
  { event, route, params, language, signal }: Request,
): Promise<Answer<unknown> & { replayed?: boolean }> {
  const tenant = callerOf(event, route);
  const body = readBody(event, route);
  const run = route.prepare({ params, query: event.queryStringParameters ?? {}, body: body.value });
  const named = route.method === 'POST' && route.answersSecrets !== true;
  const key = named ? readIdempotencyKey(event.headers[IDEMPOTENCY_HEADER]) : undefined;
  const context = {
    services,
    ...ports,
    catalogue: catalogueOf(language),
    tenant,
    requestKey: key === undefined ? undefined : requestKeyOf(tenant, key),
    signal,
    language,
    http: {
      origin: originOf(event.requestContext.domainName),
      rawQuery: event.rawQueryString,
      cookies: event.cookies ?? [],
    },
  };
  if (key === undefined) return run(context);
  const hash = await requestHash(
    { method: route.method, path: event.rawPath, query: event.rawQueryString, body: body.bytes },
    { salt: JSON.stringify([tenant, key]), carriesSecrets: route.carriesSecrets === true },
  );
  return serveOnce(services, { tenant, key, hash }, () => run(context));
}

/** An open route serves nobody in particular, and reads nothing of any tenant. */
function callerOf(event: APIGatewayProxyEventV2, route: Route): string {
  if (route.access === 'open') return '';
  const caller = readCaller(event);
  requireScope(caller, route.access);
  return caller.tenant;
}

/** A gateway encrypts; one on this machine does not. */
function originOf(domainName: string): string {
  const plain = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(domainName);
  return `${plain ? 'http' : 'https'}://${domainName}`;
}

function logRefusal({ logger }: Services, { refusal, cause }: ConsentError): void {
  logger.info('No consent came of a link', {
    refusal,
    ...(cause instanceof Object && !(cause instanceof Error) && { cause }),
  });
}

function methodNotAllowed(methods: readonly string[]): ProblemError {
  return new ProblemError('method-not-allowed', `This address takes ${methods.join(', ')}.`, {
    headers: { allow: methods.join(', ') },
  });
}

/** Name and stack of an error of ours; its message is left out, for it may quote anything. */
function logFault({ logger }: Services, problem: ProblemError): void {
  const { cause } = problem;
  logger.error('The API could not serve a request', {
    error: cause instanceof Error ? cause.name : 'unknown',
    at:
      cause instanceof Error
        ? cause.stack?.split('\n').filter((line) => line.startsWith('    at'))
        : undefined,
  });
}
