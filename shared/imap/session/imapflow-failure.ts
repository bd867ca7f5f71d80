import {
  AuthenticationError,
  classifyServerText,
  ConnectionClosedError,
  ImapError,
  ProtocolError,
} from '../errors.ts';
import type { ProviderRefusals } from '../known-refusal.ts';
import type { SessionStream } from './session-stream.ts';

/** The fields that imapflow puts on its errors; all may be missing. */
interface ImapFlowFields {
  code?: unknown;
  responseStatus?: unknown;
  responseText?: unknown;
  response?: unknown;
  serverResponseCode?: unknown;
  authenticationFailed?: unknown;
  /** What a server said of a token, as JSON in a challenge (RFC 7628 3.2.2; XOAUTH2 has the same). */
  oauthError?: unknown;
}

/** What was going on when imapflow failed. */
interface FailingCommand {
  /** What imapflow emitted as its one `error` event, if it did. */
  readonly reported: unknown;
  readonly stream: SessionStream;
  /** The verb that failed. */
  readonly command: string;
  readonly scrub: (text: string) => string;
  /** A token was to sign in, and no password. */
  readonly token: boolean;
  readonly refusals: ProviderRefusals;
}

/**
 * Turns what imapflow throws into our classes. The original is left behind on purpose: it holds the command that was
 * sent and the instance's options are one step away.
 * @param error what the call threw.
 */
export function imapflowFailure(
  error: unknown,
  { reported, stream, command, scrub, token, refusals }: FailingCommand,
): ImapError {
  if (error instanceof ImapError) return error;
  if (stream.failure instanceof ImapError) return stream.failure;
  const fields = fieldsOf(error);
  const { responseStatus } = fields;
  const responseCode = textOf(fields.serverResponseCode);
  if (responseStatus === 'NO' || responseStatus === 'BAD') {
    const text = scrub(withTokenComplaint(textOf(fields.responseText) ?? '', fields.oauthError));
    return classifyServerText({ status: responseStatus, responseCode, text, command, token, refusals });
  }
  const bye = /^\* BYE ?(?:\[([A-Z0-9-]+)[^\]]*\] ?)?(.*)$/i.exec(stream.lines.bye ?? '');
  if (bye) {
    const text = scrub(bye[2] ?? '');
    return classifyServerText({ status: 'BYE', responseCode: bye[1], text, command, refusals });
  }
  if (fields.authenticationFailed === true) {
    // Raised by imapflow itself; with Exchange's "authenticated but not connected" the words are in `response`.
    const text = scrub(textOf(fields.response) ?? '');
    if (text) {
      return classifyServerText({
        status: 'NO',
        responseCode,
        text,
        command: 'AUTHENTICATE',
        token,
        refusals,
      });
    }
    return new AuthenticationError('The sign-in failed: the server and we have no way to sign in in common.');
  }
  if (breaksProtocol(fields.code)) return protocolError(error, command, scrub);
  if (breaksProtocol(fieldsOf(reported).code)) return protocolError(reported, command, scrub);
  if (stream.gone || isGone(fields.code)) {
    const cause = stream.failure;
    return new ConnectionClosedError(
      `The server closed the connection during ${command}.`,
      cause === undefined ? {} : { cause },
    );
  }
  return protocolError(error, command, scrub);
}

const MAX_COMPLAINT = 200;

/** The tagged answer alone rarely says whether it was the token, its scope or the user. */
function withTokenComplaint(text: string, complaint: unknown): string {
  if (typeof complaint !== 'object' || complaint === null) return text;
  const told = ['status', 'scope', 'error', 'error_description']
    .map((name) => [name, Reflect.get(complaint, name)] as const)
    .filter(([, value]) => (typeof value === 'string' && value !== '') || typeof value === 'number')
    .map(([name, value]) => `${name} ${String(value).slice(0, MAX_COMPLAINT)}`);
  return told.length === 0 ? text : `${text} (of the token: ${told.join(', ')})`;
}

function protocolError(error: unknown, command: string, scrub: (text: string) => string): ProtocolError {
  const said = error instanceof Error ? scrub(error.message) : 'unknown';
  return new ProtocolError(`The server's answer to ${command} could not be understood (${said}).`);
}

function fieldsOf(error: unknown): ImapFlowFields {
  return typeof error === 'object' && error !== null ? error : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isGone(code: unknown): boolean {
  return (
    code === 'NoConnection' ||
    code === 'EConnectionClosed' ||
    code === 'StateLogout' ||
    code === 'ClosedAfterConnectTLS' ||
    code === 'ClosedAfterConnectText'
  );
}

/** The limits that imapflow enforces, and answers that fit to no command. */
function breaksProtocol(code: unknown): boolean {
  return (
    typeof code === 'string' &&
    /^(?:Line|Literal|Response)TooLarge$|^TooMany|^UnexpectedTag$|^Invalid|^ResponseProcessing|^Parser/.test(
      code,
    )
  );
}
