import { type LookupFunction } from 'node:net';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { once } from 'node:events';
import { lookup as systemLookup } from 'node:dns';
import { text } from 'node:stream/consumers';
import type { HttpReply } from '../support/running-service.ts';

const ANSWER_MS = 60_000;

/** A request to a deployed API; `token` undefined sends none. */
export async function callApi(
  address: string,
  token: string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<HttpReply> {
  const url = new URL(address + path);
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = open(url, {
    method,
    lookup: loopbackLookup,
    signal: AbortSignal.timeout(ANSWER_MS),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  });
  request.end(body === undefined ? undefined : JSON.stringify(body));
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (response === undefined) throw new TypeError('a response comes with itself');
  const answer = await text(response);
  const parsed: unknown = answer === '' ? {} : JSON.parse(answer);
  return {
    status: response.statusCode ?? 0,
    type: response.headers['content-type'] ?? '',
    body: Object.fromEntries(Object.entries(Object(parsed))),
  };
}

/** Names that end with .localhost are this machine (RFC 6761, section 6.3), which not every resolver knows. */
const loopbackLookup: LookupFunction = (hostname, options, callback) =>
  systemLookup(hostname.endsWith('.localhost') ? '127.0.0.1' : hostname, options, callback);
