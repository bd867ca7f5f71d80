import { request as requestPlain } from 'node:http';
import { request as requestOverTls } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type AddressPolicy, type HostResolver, resolveHost } from '../imap/session/address-policy.ts';
import type { Wait } from '../imap/wire/wait.ts';
import { TokenError } from './errors.ts';

/** Tokens of Microsoft have about 2 KB, its longest refresh tokens 4. */
const MAX_ANSWER_BYTES = 64 * 1024;

interface FormPost {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PostOptions {
  readonly policy: AddressPolicy;
  /** The signal ends it, the deadline bounds all of it. */
  readonly wait: Wait;
  readonly resolver?: HostResolver | undefined;
}

/** An answer with a body that was bounded. */
interface FormAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** What the service's clock showed, in ms since the epoch, to the second. */
  readonly date?: number;
}

/**
 * The address of a token endpoint, which must be encrypted: secrets go there. A service on this very machine may go
 * without where an installation allows private addresses.
 * @throws TokenError
 */
export function endpointUrl(text: string, policy: AddressPolicy): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url?.protocol === 'http:' && policy.allowPrivate && isLoopback(url.hostname);
  if (url !== undefined && (url.protocol === 'https:' || plain) && url.username === '') return url;
  throw new TokenError(
    'endpoint-insecure',
    'The address of the sign-in service is not one that begins with https:// and names a server.',
  );
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Posts a form to an address that the policy has looked at, and to no other: redirects are not followed.
 * @throws TokenError, ConnectError and AddressForbiddenError for its name; the signal's reason
 */
export async function postForm(url: URL, form: FormPost, options: PostOptions): Promise<FormAnswer> {
  const { policy, wait, resolver } = options;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = await resolveHost(host, policy, wait, resolver);
  const lookup: LookupFunction = (_name, wanted, callback) => {
    const [first] = addresses;
    if (wanted.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
  const timeUp = AbortSignal.timeout(wait.deadlineMs);
  try {
    return await send(url, form, lookup, AbortSignal.any([wait.signal, timeUp]));
  } catch (error) {
    wait.signal.throwIfAborted();
    if (error instanceof TokenError) throw error;
    if (timeUp.aborted) {
      throw new TokenError('timeout', `${url.host} did not answer within ${wait.deadlineMs} ms.`);
    }
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new TokenError('unreachable', `${url.host} could not be reached (${code}).`);
  }
}

function send(url: URL, form: FormPost, lookup: LookupFunction, signal: AbortSignal): Promise<FormAnswer> {
  const request = url.protocol === 'https:' ? requestOverTls : requestPlain;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        headers: { ...form.headers, 'content-length': Buffer.byteLength(form.body) },
        agent: false,
        lookup,
        signal,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= MAX_ANSWER_BYTES) chunks.push(chunk);
          else {
            answer.destroy(
              new TokenError('answer-too-large', `The answer of ${url.host} is too large to be a token.`),
            );
          }
        });
        answer.on('error', reject);
        answer.on('end', () => {
          const date = Date.parse(answer.headers.date ?? '');
          resolve({
            status: answer.statusCode ?? 0,
            contentType: answer.headers['content-type'] ?? '',
            body: Buffer.concat(chunks).toString('utf8'),
            ...(Number.isNaN(date) ? {} : { date }),
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(form.body);
  });
}
