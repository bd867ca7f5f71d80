import fc from 'fast-check';
import { decodeModifiedUtf7, encodeModifiedUtf7 } from '../../../shared/migration/modified-utf7.ts';

test.each([
  ['INBOX', 'INBOX'],
  ['R&D', 'R&-D'],
  ['&&', '&-&-'],
  ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
  ['Entwürfe', 'Entw&APw-rfe'],
  ['Kosz 🗑', 'Kosz &2D3d0Q-'],
  ['é&', '&AOk-&-'],
  ['tab\tstop', 'tab&AAk-stop'],
  ['\u007f', '&AH8-'],
])('%j travels as %j', (name, wire) => {
  expect(encodeModifiedUtf7(name)).toBe(wire);
  expect(decodeModifiedUtf7(wire)).toBe(name);
});

test('every name comes back, lone surrogates included', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string(), units), (name) => {
      expect(decodeModifiedUtf7(encodeModifiedUtf7(name))).toBe(name);
    }),
    { numRuns: 1000 },
  );
  expect(decodeModifiedUtf7(encodeModifiedUtf7('\ud800x\udc00'))).toBe('\ud800x\udc00');
});

test('what travels is printable ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(encodeModifiedUtf7(name)).toMatch(/^[\x20-\x7e]*$/);
    }),
  );
});

test.each([
  ['a lone ampersand', 'R&D'],
  ['a shift without end', 'Entw&APw'],
  ['padding', '&APw=-'],
  ['plain base64', '&U/BTFw-'],
  ['half a character', '&AP-'],
  ['bits left over', '&APx-'],
  ['ASCII in base64', '&AGE-'],
  ['two shifts in a row', '&AOk-&AOk-'],
  ['raw 8-bit text', 'Entwürfe'],
  ['raw beside encoded', 'ü &APw-'],
])('%s is returned as it is', (_, wire) => {
  expect(decodeModifiedUtf7(wire)).toBe(wire);
});

test('a decoded name leads back to the mailbox it came from, or was not decoded', () => {
  const nearly = fc.string({ unit: fc.constantFrom(...Array.from('&-+,/=AUwPx é')) });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly), (wire) => {
      const name = decodeModifiedUtf7(wire);
      expect(name === wire || encodeModifiedUtf7(name) === wire).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
