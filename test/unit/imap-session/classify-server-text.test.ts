import fc from 'fast-check';
import { classifyServerText, DEFAULT_THROTTLE_MS, type ServerAnswer } from '../../../shared/imap/errors.ts';

function classified(text: string, answer: Partial<ServerAnswer> = {}) {
  const code = /^\[([A-Z]+)[^\]]*\] /.exec(text);
  return classifyServerText({
    status: 'NO',
    command: 'APPEND',
    ...(code ? { responseCode: code[1] } : {}),
    text: code ? text.slice(code[0].length) : text,
    ...answer,
  });
}

describe('what a server means', () => {
  test.each([
    ['Request is throttled. Suggested Backoff Time: 299961 milliseconds', 299_961],
    ['[THROTTLED] Slow down', DEFAULT_THROTTLE_MS],
    ['[LIMIT] UID FETCH Rate limit hit.', DEFAULT_THROTTLE_MS],
    ['[UNAVAILABLE] Server error - Please try again later', DEFAULT_THROTTLE_MS],
    ['Account exceeded command or bandwidth limits. (Failure)', DEFAULT_THROTTLE_MS],
  ])('%s is a throttle', (text, waitMs) => {
    expect(classified(text)).toMatchObject({ name: 'ThrottledError', waitMs, retryable: true });
  });

  test('a wait that no server can mean is bounded by a day', () => {
    const error = classified('Request is throttled. Suggested Backoff Time: 999999999999 milliseconds');
    expect(error).toMatchObject({ waitMs: 86_400_000 });
  });

  test.each([
    ['[OVERQUOTA] Quota exceeded (mailbox for user is full)', 'over-quota', false],
    ['Mailbox is full', 'over-quota', false],
    ['[NOPERM] Permission denied', 'permission-denied', false],
    ['[TRYCREATE] Mailbox does not exist', 'folder-refused', false],
    ['Mailbox was deleted under us (0.018 + 0.001 + 0.018 secs).', 'folder-refused', false],
    ['[UNAVAILABLE] Backend down', 'server-error', true],
    ['[INUSE] Mailbox in use', 'server-error', true],
    ['[LIMIT] Too many keywords in the mailbox', 'server-error', false],
    ['I just do not want to', 'server-error', false],
  ])('%s refuses one command: %s', (text, reason, retryable) => {
    expect(classified(text)).toMatchObject({
      name: 'CommandRefusedError',
      command: 'APPEND',
      reason,
      retryable,
    });
  });

  test('a folder that is refused without a reason is a matter of the folder', () => {
    expect(classified('Invalid mailbox name', { command: 'CREATE' })).toMatchObject({
      reason: 'folder-refused',
    });
  });

  test('a farewell is a closed connection, unless it is about too much of something', () => {
    expect(classified('Server shutting down', { status: 'BYE' })).toMatchObject({
      name: 'ConnectionClosedError',
    });
    expect(classified('Session limit exceeded', { status: 'BYE' })).toMatchObject({ name: 'ThrottledError' });
  });

  test('a password over an unencrypted connection is a matter of encryption, not of the password', () => {
    const error = classified('[PRIVACYREQUIRED] Plaintext disallowed', { command: 'LOGIN' });
    expect(error).toMatchObject({ name: 'TlsError', problem: 'tls-required' });
  });

  test('a command that the server does not know is not a wrong password', () => {
    const error = classified('Unknown command LOGIN', { command: 'LOGIN', status: 'BAD' });
    expect(error).toMatchObject({ name: 'CommandRefusedError', status: 'BAD' });
  });

  test('whatever it says, the words are kept short, on one line, and printable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), (text) => {
        const { serverText = '' } = classifyServerText({ status: 'NO', text, command: 'FETCH' });
        expect(serverText.length).toBeLessThanOrEqual(500);
        expect(serverText).not.toMatch(/[\p{Cc}]/u);
      }),
    );
  });

  test('the first to say which server failed is believed', () => {
    const error = classified('no').attributeTo('destination').attributeTo('source');
    expect(error.side).toBe('destination');
  });
});
