import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { LocalServiceError } from '../errors.ts';
import { type InvocationSurroundings, invokeFunction } from '../functions/invoke-function.ts';
import { listenOnLoopback } from '../loopback-server.ts';
import { readBody } from '../read-body.ts';
import { splitUrl, toHttpEvent } from './http-event.ts';
import { gatewayReply, type HttpReply, sendReply, toHttpReply } from './http-reply.ts';
import type { Authorization, JwtAuthorizer } from './jwt-authorizer.ts';
import { findRoute, type HttpFunction, type Route, type RouteMatch } from './route-table.ts';

/** What a gateway serves. */
interface Served {
  readonly routes: readonly Route[];
  readonly authorize: JwtAuthorizer;
}

export interface HttpGateway {
  readonly url: string;
  /** Requests wait until this has been called. */
  serve(served: Served): void;
  /** Takes no more requests; those that run have `graceMs` to end. */
  close(graceMs: number): Promise<void>;
}

/** Lambda's limit for the payload of a synchronous invocation and of its answer. */
const MAX_PAYLOAD_BYTES = 6 * 1_048_576;

/**
 * An HTTP API with Lambda integrations, on 127.0.0.1: routes, JWT authorizer, limits, and the words of its errors.
 * @param port 0 takes a free one
 * @throws LocalServiceError when the port is taken
 */
export async function startHttpGateway(
  port: number,
  surroundings: InvocationSurroundings,
): Promise<HttpGateway> {
  const serving = Promise.withResolvers<Served>();
  const server = createServer((request, response) => {
    void serving.promise.then((served) => handle(request, response, served, surroundings));
  });
  try {
    return { ...(await listenOnLoopback(server, port)), serve: serving.resolve };
  } catch (error) {
    throw new LocalServiceError(
      'gateway',
      `The HTTP API did not start on 127.0.0.1:${port}. Is the port taken? Choose another one.`,
      error,
    );
  }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  served: Served,
  surroundings: InvocationSurroundings,
): Promise<void> {
  try {
    const reply = await route(request, response, served, surroundings);
    if (reply !== undefined) sendReply(response, reply);
  } catch (error) {
    if (error instanceof URIError) {
      sendReply(response, gatewayReply(400, 'Bad Request'));
      return;
    }
    // A client that hung up in the middle of its request waits for nothing.
    if (request.destroyed && !request.complete) return;
    surroundings.logger.error('The HTTP gateway failed', { error });
    if (response.headersSent) response.destroy();
    else sendReply(response, gatewayReply(500, 'Internal Server Error'));
  }
}

/** The reply; undefined where a listener has replied itself. */
async function route(
  request: IncomingMessage,
  response: ServerResponse,
  { routes, authorize }: Served,
  surroundings: InvocationSurroundings,
): Promise<HttpReply | undefined> {
  const match = findRoute(routes, request.method ?? 'GET', splitUrl(request).path);
  if (match === undefined) return gatewayReply(404, 'Not Found');
  const { access, target } = match.route;
  const authorization =
    access.kind === 'open' ? undefined : await authorize(request.headers.authorization, access.scopes);
  if (authorization !== undefined && authorization.kind !== 'granted') return refusal(authorization);
  if (target.kind === 'listener') {
    await target.listen(request, response);
    return undefined;
  }
  return callFunction(request, target.fn, match, authorization, surroundings);
}

function refusal(authorization: Exclude<Authorization, { kind: 'granted' }>): HttpReply {
  if (authorization.kind === 'forbidden') return gatewayReply(403, 'Forbidden');
  const { reason } = authorization;
  const error = reason === undefined ? '' : ` scope="" error="invalid_token" error_description="${reason}"`;
  return gatewayReply(401, 'Unauthorized', { 'www-authenticate': `Bearer${error}` });
}

async function callFunction(
  request: IncomingMessage,
  fn: HttpFunction,
  match: RouteMatch,
  authorization: Extract<Authorization, { kind: 'granted' }> | undefined,
  surroundings: InvocationSurroundings,
): Promise<HttpReply> {
  const body = await readBody(request, MAX_PAYLOAD_BYTES);
  if (body === undefined) return gatewayReply(413, 'Request Entity Too Large');
  const event = toHttpEvent({ request, body, match, authorization, now: surroundings.clock.now() });
  if ((event.body?.length ?? 0) > MAX_PAYLOAD_BYTES) return gatewayReply(413, 'Request Entity Too Large');
  const outcome = await invokeFunction(fn, event, surroundings);
  if (outcome.kind === 'timed-out') return gatewayReply(503, 'Service Unavailable');
  if (outcome.kind === 'failed') return gatewayReply(500, 'Internal Server Error');
  const reply = toHttpReply(outcome.value);
  if (reply !== undefined && reply.body.length <= MAX_PAYLOAD_BYTES) return reply;
  surroundings.logger.error('A function returned no valid reply', { function: fn.name });
  return gatewayReply(500, 'Internal Server Error');
}
