import { CommandRefusedError } from '../../../shared/imap/errors.ts';
import { refusalReason } from '../../../shared/sync/refusal-reason.ts';

function refused(serverText: string, responseCode?: string): CommandRefusedError {
  return new CommandRefusedError({ status: 'BAD', serverText, command: 'APPEND', responseCode });
}

const PLAIN = { size: 2_000, hasNul: false, hasLongLine: false };

describe('why a server does not take a message', () => {
  test.each([
    ['Command Argument Error. 11', { ...PLAIN, hasLongLine: true }, 'line-too-long'],
    ['Command Argument Error 11', { ...PLAIN, hasLongLine: true }, 'line-too-long'],
    ['Command Argument Error. 11', { ...PLAIN, size: 40_000_000 }, 'too-big'],
    ['Command Argument Error. 11', PLAIN, 'refused'],
    ['Line too long', PLAIN, 'line-too-long'],
    ['Message too large', PLAIN, 'too-big'],
    ['Additional arguments found after last expected argument', PLAIN, 'refused'],
    ['I do not like it', { ...PLAIN, hasNul: true }, 'nul-byte'],
  ])('%s, of %j: %s', (words, message, reason) => {
    expect(refusalReason(refused(words), message)).toBe(reason);
  });
});
