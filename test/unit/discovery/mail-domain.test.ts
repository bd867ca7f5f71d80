import fc from 'fast-check';
import { mailDomain } from '../../../shared/imap/discovery/mail-domain.ts';

describe('the domain of an address', () => {
  test.each([
    ['anna@Example.org', 'example.org'],
    ['example.org.', 'example.org'],
    ['"a@b"@example.org', 'example.org'],
    ['anna@żółw.example', 'xn--w-uga1v8h.example'],
    ['anna@sub.example.co.uk', 'sub.example.co.uk'],
  ])('%s is in %s', (given, domain) => expect(mailDomain(given)).toBe(domain));

  test.each([
    'anna@',
    '',
    'anna@localhost',
    'anna@192.0.2.1',
    'anna@[192.0.2.1]',
    'anna@exa mple.org',
    'anna@example.org/path',
    'anna@example..org',
    'anna@-a.example',
    'anna@example.org:143',
    `anna@${'a'.repeat(64)}.example`,
    `anna@${'a.'.repeat(150)}example`,
  ])('%j has none', (given) => expect(mailDomain(given)).toBeUndefined());

  test('is a name that can be asked for, whatever was given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.domain(), fc.emailAddress()), (given) => {
        expect(mailDomain(given) ?? 'none').toMatch(/^[a-z0-9_.-]{1,253}$/);
      }),
    );
  });
});
