import fc from 'fast-check';
import { tapHeader } from '../../../shared/imap/transfer/header-tap.ts';
import { fingerprintHeader } from '../../../shared/migration/fingerprint.ts';

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function passed(bytes: Buffer, size: number) {
  const tap = tapHeader(inPieces(bytes, size));
  const parts: Uint8Array[] = [];
  for await (const part of tap.body) parts.push(part);
  return { out: Buffer.concat(parts), fingerprint: tap.fingerprint() };
}

describe('a header tap', () => {
  test('passes every byte on and tells the fingerprint of the header alone', async () => {
    const line = fc.constantFrom(
      'Message-ID: <1@x>',
      'Subject: \xe4',
      'To: a',
      ' folded',
      'X: y',
      'Date: now',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 8 }),
        fc.constantFrom('\r\n', '\n'),
        fc.constantFrom('', 'To: not a header\r\n\r\nDate: neither'),
        fc.integer({ min: 1, max: 40 }),
        async (lines, end, body, size) => {
          const header = lines.map((each) => each + end).join('');
          const bytes = Buffer.from(header + end + body, 'latin1');

          const { out, fingerprint } = await passed(bytes, size);

          expect(out.equals(bytes)).toBe(true);
          expect(fingerprint).toBe(fingerprintHeader(Buffer.from(header, 'latin1')));
        },
      ),
    );
  });

  test('works for a message without header, and for none at all', async () => {
    expect((await passed(Buffer.from('\r\nTo: body'), 3)).fingerprint).toBe(0n);
    expect((await passed(Buffer.alloc(0), 3)).fingerprint).toBe(0n);
  });
});
