import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { classifyServerText, CommandTimeoutError, ProtocolError, TlsError } from '../errors.ts';
import type { ProviderRefusals } from '../known-refusal.ts';
import { profileOf } from '../providers/provider-catalogue.ts';
import { decodeServerText } from '../server-text.ts';
import type { Wait } from '../wire/wait.ts';
import type { CertificateFacts } from './certificate-facts.ts';
import { parseCapabilities } from './capability-list.ts';
import { readGreeting } from './greeting.ts';
import type { ImapEndpoint } from './imap-endpoint.ts';
import { LineReader } from './line-reader.ts';
import { secureSocket } from './secure-socket.ts';

/** A connection as far as it needs no secret: encrypted as demanded, greeted, capabilities known. */
export interface NegotiatedConnection {
  socket: Socket | TLSSocket;
  /** Before the sign-in, upper case. */
  capabilities: ReadonlySet<string>;
}

/** Who follows a negotiation. */
export interface NegotiationWatch {
  readonly done: (step: 'tls' | 'greeting') => void;
  /** What the server showed, also where it is refused then. */
  readonly certificate?: ((facts: CertificateFacts) => void) | undefined;
}

const MAX_LINES_PER_ANSWER = 100;

/**
 * Takes a fresh TCP connection to the point where a user may sign in. What was said in plain text before STARTTLS is
 * forgotten (RFC 9051 11.1): the capabilities are asked for again, and a single byte behind the answer to STARTTLS
 * ends the connection, because somebody on the way put it there.
 * @param wait its deadline is for each answer.
 * @throws TlsError, GreetingError, ThrottledError, ConnectionClosedError, ConnectError, …
 */
export async function negotiate(
  plain: Socket,
  endpoint: ImapEndpoint,
  wait: Wait,
  { done, certificate }: NegotiationWatch,
): Promise<NegotiatedConnection> {
  const { security } = endpoint;
  const { refusals } = profileOf(endpoint);
  let socket: Socket | TLSSocket = plain;
  if (security === 'tls') {
    socket = await secureSocket(plain, endpoint, wait, certificate);
    done('tls');
  }
  let reader = new LineReader(socket);
  let capabilities = await readGreeting(reader, socket, endpoint, security === 'tls', wait);
  done('greeting');
  if (security === 'starttls') {
    capabilities ??= await askCapabilities(reader, socket, refusals, wait);
    socket = await startTls(reader, plain, endpoint, capabilities, wait, certificate);
    done('tls');
    reader = new LineReader(socket);
    capabilities = undefined;
  }
  capabilities ??= await askCapabilities(reader, socket, refusals, wait);
  const rest = reader.detach();
  if (rest.length > 0) socket.unshift(rest);
  return { socket, capabilities: new Set(capabilities) };
}

async function startTls(
  reader: LineReader,
  socket: Socket,
  endpoint: ImapEndpoint,
  capabilities: readonly string[],
  wait: Wait,
  certificate: NegotiationWatch['certificate'],
): Promise<TLSSocket> {
  if (!capabilities.includes('STARTTLS')) {
    throw new TlsError(
      'starttls-missing',
      `${endpoint.host} does not offer STARTTLS on port ${endpoint.port}. Use TLS on port 993 if it has it.`,
    );
  }
  const answer = await ask(reader, socket, 'STARTTLS', profileOf(endpoint).refusals, wait);
  if (answer.status !== 'OK') {
    throw new TlsError('starttls-refused', `${endpoint.host} offers STARTTLS but refused it.`, {
      serverText: answer.text,
      retryable: true,
    });
  }
  if (reader.detach().length > 0 || socket.readableLength > 0) {
    throw new TlsError(
      'starttls-injection',
      `Somebody between here and ${endpoint.host} added data to the connection before it was encrypted.`,
    );
  }
  return secureSocket(socket, endpoint, wait, certificate);
}

async function askCapabilities(
  reader: LineReader,
  socket: Socket,
  refusals: ProviderRefusals,
  wait: Wait,
): Promise<string[]> {
  const answer = await ask(reader, socket, 'CAPABILITY', refusals, wait);
  if (answer.status !== 'OK') {
    throw classifyServerText({ ...answer, status: answer.status, command: 'CAPABILITY', refusals });
  }
  for (const line of answer.untagged) {
    const capabilities = parseCapabilities(line);
    if (capabilities) return capabilities;
  }
  throw new ProtocolError('The server did not say what it can do (CAPABILITY).');
}

interface Answer {
  status: 'OK' | 'NO' | 'BAD';
  responseCode: string | undefined;
  text: string;
  untagged: string[];
}

async function ask(
  reader: LineReader,
  socket: Socket,
  command: 'CAPABILITY' | 'STARTTLS',
  refusals: ProviderRefusals,
  wait: Wait,
): Promise<Answer> {
  const tag = `M-${command}`;
  socket.write(`${tag} ${command}\r\n`);
  const untagged: string[] = [];
  while (untagged.length < MAX_LINES_PER_ANSWER) {
    const line = await reader.readLine(
      wait,
      () =>
        new CommandTimeoutError(`The server did not answer ${command} within ${wait.deadlineMs} ms.`, {
          waitedMs: wait.deadlineMs,
        }),
    );
    const parsed = /^(\S+) (OK|NO|BAD|BYE)(?: |$)(?:\[([A-Z0-9-]+)[^\]]*\] ?)?(.*)$/i.exec(line);
    const [, lineTag, status = '', responseCode, words = ''] = parsed ?? [];
    const text = decodeServerText(words);
    const kind = status.toUpperCase();
    if (kind === 'BYE') throw classifyServerText({ status: 'BYE', responseCode, text, refusals });
    if (lineTag === tag && (kind === 'OK' || kind === 'NO' || kind === 'BAD')) {
      return { status: kind, responseCode, text, untagged: [...untagged, line] };
    }
    untagged.push(line);
  }
  throw new ProtocolError(`The server answered ${command} with more than ${MAX_LINES_PER_ANSWER} lines.`);
}
