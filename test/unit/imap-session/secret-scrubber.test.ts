import fc from 'fast-check';
import { createScrubber } from '../../../shared/imap/session/secret-scrubber.ts';

const text = fc.string({ unit: 'binary-ascii', maxLength: 50 });

describe('what a server says back', () => {
  test('never holds the password, wherever it stands', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), text, text, (password, before, after) => {
        fc.pre(!'•(withheld)'.includes(password));
        const scrub = createScrubber({ kind: 'password', user: 'ann', password });
        expect(scrub(before + password + after)).not.toContain(password);
      }),
    );
  });

  test('never holds the SASL form of it', () => {
    const scrub = createScrubber({
      kind: 'password',
      user: 'admin',
      password: 'hunter22',
      authorizeAs: 'ann',
    });
    const sasl = Buffer.from('ann\0admin\0hunter22').toString('base64');
    expect(scrub(`Unknown command ${sasl}`)).toBe('Unknown command •••');
  });

  test('never holds it within the base64 of something longer, wherever it begins', () => {
    fc.assert(
      fc.property(
        fc.base64String({ minLength: 12, maxLength: 40 }),
        text,
        text,
        (accessToken, before, after) => {
          const scrub = createScrubber({ kind: 'oauth', user: 'ann', accessToken });
          const encoded = Buffer.from(before + accessToken + after, 'utf8').toString('base64');
          const rest = scrub(encoded)
            .split('•••')
            .map((piece) => Buffer.from(piece, 'base64').toString('latin1'));
          expect(scrub(encoded)).not.toBe(encoded);
          expect(rest.join('')).not.toContain(accessToken);
        },
      ),
    );
  });

  test('never holds an access token', () => {
    const scrub = createScrubber({ kind: 'oauth', user: 'ann', accessToken: 'ya29.secret' });
    expect(scrub('bad token ya29.secret')).toBe('bad token •••');
  });

  test('is left alone where it holds no secret', () => {
    const scrub = createScrubber({ kind: 'password', user: 'ann', password: 'hunter22' });
    expect(scrub('Authentication failed.')).toBe('Authentication failed.');
  });
});
