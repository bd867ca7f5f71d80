import fc from 'fast-check';
import { fromWireName, toWireName } from '../../support/mailbox-name.ts';

describe("the tests' own modified UTF-7", () => {
  // RFC 3501 5.1.3 gives the first; the others are as Dovecot writes them
  test.each([
    ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
    ['Q&A', 'Q&-A'],
    ['Łódź', '&AUEA8w-d&AXo-'],
    ['🎉', '&2DzfiQ-'],
  ])('writes %s as %s and reads it back', (name, wire) => {
    expect(toWireName(name)).toBe(wire);
    expect(fromWireName(wire)).toBe(name);
  });

  test('reads back every name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(fromWireName(toWireName(name))).toBe(name);
      }),
    );
  });
});
