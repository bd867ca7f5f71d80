import type { Duplex } from 'node:stream';
import {
  classifyServerText,
  ConnectError,
  ConnectionClosedError,
  GreetingError,
  ImapError,
  TlsError,
} from '../errors.ts';
import { profileOf } from '../providers/provider-catalogue.ts';
import { cleanServerText, decodeServerText } from '../server-text.ts';
import type { Wait } from '../wire/wait.ts';
import { boundedWait } from './bounded-wait.ts';
import { parseCapabilities } from './capability-list.ts';
import type { ImapEndpoint } from './imap-endpoint.ts';
import type { LineReader } from './line-reader.ts';

/** First bytes of a TLS record: what a TLS server answers plain text with (RFC 8446 5.1). */
function isTlsRecord(said: string): boolean {
  const type = said.charCodeAt(0);
  return type >= 20 && type <= 23 && said.charCodeAt(1) === 3 && said.charCodeAt(2) <= 4;
}
const PROBE_MS = 2_000;

const OTHER_PROTOCOLS: readonly (readonly [RegExp, string])[] = [
  [/^[2-5]\d\d[ -]/, 'It looks like a server for sending mail (SMTP).'],
  [/^\+OK|^-ERR/, 'It looks like a POP3 server.'],
  [/^SSH-/, 'It looks like an SSH server.'],
  [/^HTTP\/|^<(?:!DOCTYPE|html)/i, 'It looks like a web server.'],
];

/**
 * Reads the greeting (RFC 3501 7.1) and returns the capabilities in it, if it names them.
 * @throws GreetingError, ThrottledError, ConnectionClosedError, ConnectError, TlsError
 */
export async function readGreeting(
  reader: LineReader,
  socket: Duplex,
  endpoint: ImapEndpoint,
  encrypted: boolean,
  wait: Wait,
): Promise<string[] | undefined> {
  const silence = new ConnectError(
    `${endpoint.host} took the connection but sent no greeting within ${wait.deadlineMs} ms.`,
    { reason: 'connection-timeout' },
  );
  let line: string;
  try {
    line = await reader.readLine(wait, () => silence);
  } catch (error) {
    const begun = reader.buffered.toString('latin1');
    if (!encrypted && isTlsRecord(begun)) throw expectsTls(endpoint, error);
    if (begun.length > 0 && !'* '.startsWith(begun.slice(0, 2))) throw notImap(endpoint, begun);
    if (error === silence && begun === '' && !encrypted && (await answersLikeTls(socket, wait))) {
      throw expectsTls(endpoint, error);
    }
    if (error instanceof ConnectionClosedError) {
      throw new ConnectionClosedError(`${endpoint.host} closed the connection without a greeting.`, {
        cause: error,
      });
    }
    throw error instanceof ImapError && error.code === 'protocol-error' ? notImap(endpoint, begun) : error;
  }
  return parseGreeting(line, endpoint, encrypted);
}

function parseGreeting(line: string, endpoint: ImapEndpoint, encrypted: boolean): string[] | undefined {
  const greeting = /^\* (OK|PREAUTH|BYE)(?: |$)(?:\[([A-Z0-9-]+)[^\]]*\] ?)?(.*)$/i.exec(line);
  if (!greeting) {
    throw !encrypted && isTlsRecord(line) ? expectsTls(endpoint, undefined) : notImap(endpoint, line);
  }
  const [, kind = '', responseCode, words = ''] = greeting;
  const text = decodeServerText(words);
  switch (kind.toUpperCase()) {
    case 'BYE':
      throw classifyServerText({ status: 'BYE', responseCode, text, refusals: profileOf(endpoint).refusals });
    case 'PREAUTH':
      // Nobody can tell whose mailbox that is, and STARTTLS is no longer possible (RFC 9051 11.1).
      throw new GreetingError(
        `${endpoint.host} claims that somebody is signed in already (PREAUTH), which cannot be trusted.`,
        { serverText: text },
      );
    default:
      return parseCapabilities(line);
  }
}

function notImap(endpoint: ImapEndpoint, said: string): GreetingError {
  const hint = OTHER_PROTOCOLS.find(([pattern]) => pattern.test(said))?.[1];
  return new GreetingError(
    `What answers at ${endpoint.host}, port ${endpoint.port}, is not an IMAP server.${hint ? ` ${hint}` : ''}`,
    { serverText: cleanServerText(said) },
  );
}

function expectsTls(endpoint: ImapEndpoint, cause: unknown): TlsError {
  return new TlsError(
    'plain-on-tls-port',
    `Port ${endpoint.port} of ${endpoint.host} expects TLS from the first byte. Choose TLS for it.`,
    { cause },
  );
}

/**
 * A TLS server waits for our first byte, as we wait for its greeting. A line of plain text makes it complain (a TLS
 * alert) or hang up; a slow IMAP server would do neither.
 */
async function answersLikeTls(socket: Duplex, wait: Wait): Promise<boolean> {
  if (socket.destroyed || !socket.writable) return false;
  return boundedWait<boolean>(
    { signal: wait.signal, deadlineMs: PROBE_MS },
    () => undefined,
    ({ resolve }) => {
      const onReadable = (): void => {
        const chunk = socket.read() as Buffer | null;
        if (chunk !== null) resolve(isTlsRecord(chunk.toString('latin1', 0, 3)));
      };
      const onGone = (): void => resolve(true);
      socket.on('readable', onReadable);
      for (const event of ['end', 'close', 'error']) socket.once(event, onGone);
      socket.write('M0 NOOP\r\n');
      return () => {
        socket.removeListener('readable', onReadable);
        for (const event of ['end', 'close', 'error']) socket.removeListener(event, onGone);
      };
    },
  ).catch((error: unknown) => {
    if (error === undefined) return false;
    throw error;
  });
}
