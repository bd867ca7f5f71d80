import fc from 'fast-check';
import { PlainForm } from '../../../shared/migration/plain-form.ts';

function plain(text: string, size = text.length || 1): string {
  const form = new PlainForm();
  const bytes = Buffer.from(text, 'latin1');
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(form.update(bytes.subarray(at, at + size)));
  return Buffer.concat(parts).toString('latin1');
}

describe('the form that a message has before and after a server stored it', () => {
  test.each([
    ['a line end at its end', 'S: a\r\n\r\nb', 'S: a\r\n\r\nb\r\n'],
    ['bare carriage returns', 'S: a\r\n\r\n1%\r2%\r\n', 'S: a\r\n\r\n1%2%\r\n'],
    ['bare line feeds', 'S: a\n\nb\n', 'S: a\r\n\r\nb\r\n'],
    ['raw characters in the header', 'From: Zo\xeb\r\n\r\nb', 'From: ZoX\r\n\r\nb'],
    ['zero bytes', 'S: a\r\n\r\n\0', 'S: a\r\n\r\n\x80'],
  ])('does not depend on %s', (_, before, after) => {
    expect(plain(before)).toBe(plain(after));
  });

  test('tells apart what differs in anything else', () => {
    expect(plain('S: a\r\n\r\n\xe4')).not.toBe(plain('S: a\r\n\r\n\xf6'));
    expect(plain('S: a\r\n\r\nb c')).not.toBe(plain('S: a\r\n\r\nbc'));
    expect(plain('S: a\r\n\r\nb\r\n\r\nc')).not.toBe(plain('S: a\r\n\r\nb\r\nc'));
  });

  test('does not depend on the pieces in which it comes', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\r', '\n', '\xe4', '\0', ':'), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 9 }), (message, size) => {
        expect(plain(message, size)).toBe(plain(message));
      }),
    );
  });
});
