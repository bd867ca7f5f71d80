import fc from 'fast-check';
import {
  FINGERPRINT_FIELDS,
  fingerprintHeader,
  HeaderFingerprint,
  isStrongHeader,
  NO_FINGERPRINT,
} from '../../../shared/migration/fingerprint.ts';

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

function of(text: string): bigint {
  return fingerprintHeader(latin1(text));
}

const HEADER = [
  'Return-Path: <anna@example.org>',
  'Received: from mx.example.org by mail.example.com; Tue, 3 Mar 2020 10:00:02 +0100',
  'Received: from laptop by mx.example.org; Tue, 3 Mar 2020 10:00:01 +0100',
  'DKIM-Signature: v=1; a=rsa-sha256; h=from:to:subject;',
  '\tbh=abc; From: not@a.field',
  'Message-ID: <1@example.org>',
  'Date: Tue, 3 Mar 2020 10:00:00 +0100',
  'From: Anna <anna@example.org>',
  'To: b@example.com, c@example.com',
  'Subject: A long subject',
  ' that goes on',
  'MIME-Version: 1.0',
  '',
  '',
].join('\r\n');

describe('what does not change a fingerprint', () => {
  test.each([
    ['bare line feeds', HEADER.replaceAll('\r\n', '\n')],
    [
      'other folding',
      HEADER.replace('subject\r\n that', 'subject that').replace('b@example.com, c', 'b@example.com,\r\n\tc'),
    ],
    ['folding where there was no blank', HEADER.replace('b@example.com, c', 'b@example.com,c')],
    ['blanks at the ends', HEADER.replace('Subject: A', 'Subject:   \t A').replace('goes on', 'goes on  ')],
    ['the case of names', HEADER.replace('Message-ID:', 'MESSAGE-Id:').replace('From: Anna', 'fROM: Anna')],
    ['a blank before the colon', HEADER.replace('Subject:', 'Subject :')],
    [
      'fields beside the chosen ones',
      HEADER.replace('MIME-Version: 1.0', 'X-Spam: yes\r\nX-Other: Subject: no'),
    ],
    ['an empty field for a missing one', HEADER.replace('MIME-Version', 'Cc:\r\nMIME-Version')],
    ['older Received fields', HEADER.replace('from laptop', 'from elsewhere')],
    ['a missing empty line at the end', HEADER.slice(0, -2)],
    ['the body behind it', `${HEADER}Message-ID: <2@example.org>\r\nCc: x@example.org\r\n`],
  ])('%s', (_, header) => expect(of(header)).toBe(of(HEADER)));

  test('the order of the fields', () => {
    const fields = ['Message-ID: <1@x>', 'Date: today', 'From: a', 'Subject: s', 'Received: r'];
    fc.assert(
      fc.property(fc.shuffledSubarray(fields, { minLength: fields.length }), (order) => {
        expect(of(`${order.join('\r\n')}\r\n\r\n`)).toBe(of(`${fields.join('\n')}\n\n`));
      }),
    );
  });

  test('a HEADER.FIELDS answer says the same as the full header', () => {
    const wanted = FINGERPRINT_FIELDS.map((name) => name.toLowerCase());
    const kept = HEADER.split(/\r\n(?![ \t])/).filter((field) =>
      wanted.includes((field.split(':')[0] ?? '').toLowerCase()),
    );
    expect(of(`${kept.join('\r\n')}\r\n\r\n`)).toBe(of(HEADER));
  });
});

describe('what changes a fingerprint', () => {
  test.each(FINGERPRINT_FIELDS)('the field %s', (name) => {
    const header = FINGERPRINT_FIELDS.map((field) => `${field}: value\r\n`).join('');
    const other = header.replace(`${name}: value`, `${name}: other`);
    expect(of(other)).not.toBe(of(header));
    expect(of(header.replace(`${name}: value\r\n`, ''))).not.toBe(of(header));
  });

  test('a value in another field', () => {
    expect(of('To: a@x\r\n\r\n')).not.toBe(of('Cc: a@x\r\n\r\n'));
    expect(of('From: a\r\nTo: b\r\n\r\n')).not.toBe(of('From: aTo:b\r\n\r\n'));
  });

  test('single 8-bit bytes, valid as UTF-8 or not', () => {
    const all = Array.from({ length: 128 }, (_, index) =>
      of(`Subject: ${String.fromCharCode(128 + index)}\r\n\r\n`),
    );
    expect(new Set(all).size).toBe(128);
  });

  test('the upper case of a value', () => {
    expect(of('Message-ID: <A@x>\n\n')).not.toBe(of('Message-ID: <a@x>\n\n'));
  });
});

test('a header in pieces, cut anywhere, has the fingerprint of the whole', () => {
  const cuts = fc.array(fc.nat(HEADER.length), { maxLength: 20 });
  fc.assert(
    fc.property(cuts, (positions) => {
      const fingerprint = new HeaderFingerprint();
      let start = 0;
      for (const end of [...positions.toSorted((a, b) => a - b), HEADER.length]) {
        fingerprint.update(latin1(HEADER.slice(start, end)));
        start = end;
      }
      expect(fingerprint.digest()).toBe(of(HEADER));
      expect(fingerprint.complete).toBe(true);
    }),
  );
});

test('a header byte by byte has the fingerprint of the whole, whatever the bytes', () => {
  const chaos = fc.string({
    unit: fc.constantFrom('Date', 'to', 'Subject', ':', ' ', '\t', '\r', '\n', '\r\n', 'x', '\xff', '\0'),
  });
  fc.assert(
    fc.property(fc.oneof(chaos.map(latin1), fc.uint8Array()), (bytes) => {
      const fingerprint = new HeaderFingerprint();
      for (const byte of bytes) fingerprint.update(Uint8Array.of(byte));
      expect(fingerprint.digest()).toBe(fingerprintHeader(bytes));
    }),
    { numRuns: 500 },
  );
});

test('a fingerprint is 64 bits without sign', () => {
  fc.assert(
    fc.property(fc.string(), (subject) => {
      const value = fingerprintHeader(Buffer.from(`Subject: x${subject}`));
      expect(value >= 0n && value < 2n ** 64n).toBe(true);
    }),
  );
});

test('stored fingerprints stay comparable: the digest of a known header does not change', () => {
  expect(of(HEADER).toString(16)).toMatchInlineSnapshot(`"4567f619d9ba1a2d"`);
});

test.each([
  '',
  '\r\n',
  '\r\nSubject: in the body\r\n',
  'X-Mailer: y\r\n\r\n',
  'Subject:\r\nTo: \r\n \r\n\r\n',
  'garbage',
  ' Subject: folded into nothing',
])('%j has no fingerprint at all', (header) => expect(of(header)).toBe(NO_FINGERPRINT));

test('an endless header neither takes memory nor time: only the beginning of each field counts', () => {
  const recipients = 'someone@example.org, '.repeat(100_000);
  const header = (tail: string) => `To: ${recipients}${tail}\r\nSubject: s\r\n\r\n`;
  expect(of(header('a@x'))).toBe(of(header('b@x')));
  expect(of(header('a@x').replace('Subject: s', 'Subject: t'))).not.toBe(of(header('a@x')));
  expect(of(`${'n'.repeat(2_000_000)}: x\r\nSubject: s\r\n\r\n`)).toBe(of('Subject: s\r\n\r\n'));
});

test('a header is strong with a Message-ID, or with a Date beside another field', () => {
  expect(isStrongHeader(latin1(HEADER))).toBe(true);
  expect(isStrongHeader(latin1('Date: d\r\nFrom: f\r\n\r\n'))).toBe(true);
  expect(isStrongHeader(latin1('Date: d\r\n\r\n'))).toBe(false);
  expect(isStrongHeader(latin1('Subject: s\r\nFrom: f\r\nMessage-ID:\r\n\r\n'))).toBe(false);
});
