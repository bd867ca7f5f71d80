import fc from 'fast-check';
import { fingerprintHeader } from '../../../shared/migration/fingerprint.ts';
import { MessageWatch } from '../../../shared/sync/message-watch.ts';

function watched(bytes: Buffer, size: number): MessageWatch {
  const watch = new MessageWatch();
  for (let at = 0; at < bytes.length; at += size) watch.update(bytes.subarray(at, at + size));
  return watch;
}

describe('whoever sees a message pass', () => {
  test('knows the fingerprint of the header alone, in whatever pieces it comes', () => {
    const line = fc.constantFrom(
      'Message-ID: <1@x>',
      'Subject: \xe4',
      'To: a',
      ' folded',
      'X: y',
      'Date: now',
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }),
        fc.constantFrom('\r\n', '\n'),
        fc.constantFrom('', 'To: not a header\r\n\r\nDate: neither'),
        fc.integer({ min: 1, max: 40 }),
        (lines, end, body, size) => {
          const header = lines.map((each) => each + end).join('');
          const watch = watched(Buffer.from(header + end + body, 'latin1'), size);

          expect(watch.fingerprint()).toBe(fingerprintHeader(Buffer.from(header, 'latin1')));
        },
      ),
    );
  });

  test('knows a message without header, and none at all, by nothing', () => {
    expect(watched(Buffer.from('\r\nTo: body'), 3).fingerprint()).toBe(0n);
    expect(new MessageWatch().fingerprint()).toBe(0n);
    expect(new MessageWatch().summary()).toEqual({});
  });

  test('can say which message it was, from its beginning', () => {
    const text = `From: ann@example.com\r\nSubject: a long\r\n one\r\nMessage-ID: <1@x>\r\n\r\n${'x'.repeat(20_000)}`;

    expect(watched(Buffer.from(text), 7).summary()).toEqual({
      from: 'ann@example.com',
      subject: 'a long one',
      messageId: '<1@x>',
    });
  });

  test('keeps no view of the pieces, which are used again', () => {
    const piece = Buffer.from('Subject: one\r\n\r\n');
    const watch = watched(piece, 100);
    piece.fill('x');

    expect(watch.summary()).toEqual({ subject: 'one' });
  });

  test.each([
    ['none', 'a\x01b', false],
    ['one in the last piece', `${'a'.repeat(9_000)}\0`, true],
    ['one in the first piece', `\0${'a'.repeat(9_000)}`, true],
  ])('notices a zero byte (%s)', (_, text, expected) => {
    expect(watched(Buffer.from(text), 10).hasNul).toBe(expected);
    const views = new MessageWatch();
    views.update(Uint8Array.from(Buffer.from(text)));
    expect(views.hasNul).toBe(expected);
  });

  test.each([
    ['many lines of the usual length', `${'x'.repeat(76)}\r\n`.repeat(1_000), false],
    ['a line just short enough', `${'x'.repeat(9_999)}\r\n${'x'.repeat(9_999)}\r\n`, false],
    ['a line too long at the beginning', `${'x'.repeat(10_001)}\r\nshort\r\n`, true],
    ['a line too long among others', `short\r\n${'x'.repeat(10_001)}\r\nshort\r\n`, true],
    ['a line too long that does not end', `short\r\n${'x'.repeat(10_001)}`, true],
  ])('notices a long line, however it comes in pieces (%s)', (_, text, expected) => {
    for (const piece of [1, 7, 1_000, 9_999, 10_001, 64_000]) {
      expect(watched(Buffer.from(text), piece).hasLongLine).toBe(expected);
    }
  });
});
