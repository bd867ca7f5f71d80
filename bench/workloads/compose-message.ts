import { type Random, seededRandom } from '../../test/support/random.ts';

const PEOPLE = [
  'Anna Nowak <anna.nowak@example.com>',
  'Sam Carter <sam@example.org>',
  '=?UTF-8?B?xYF1a2FzeiDFu8OzxYLEhw==?= <lukasz@example.pl>',
  '=?UTF-8?Q?Nguy=E1=BB=85n_V=C4=83n_An?= <an@example.vn>',
  '"Accounts Payable" <payable@example.net>',
] as const;
const SUBJECTS = [
  'Invoice',
  'Re: Meeting on Thursday',
  'Fwd: contract',
  'Weekly report',
  '=?UTF-8?Q?Zam=C3=B3wienie?=',
  'Your order',
] as const;
const PROSE =
  'The invoice for last month is attached, please let me know whether the numbers match.\r\n' +
  'We can talk about it on Thursday, when everybody is back in the office.\r\n' +
  'The offer has been signed and the parcel is on its way to you.\r\n';
/** From this size on a message carries an attachment. */
const ATTACHMENT_FROM_BYTES = 8192;
const LINE_BYTES = 78;

let block: Buffer | undefined;

/** Lines of base64. Attachments are cut out of this one block: to build mail must not take longer than to copy it. */
function base64Block(): Buffer {
  if (block !== undefined) return block;
  const random = seededRandom(57);
  const lines: string[] = [];
  for (let line = 0; line < 4099; line += 1) {
    const bytes = Buffer.from(Array.from({ length: 57 }, () => random.between(0, 255)));
    lines.push(`${bytes.toString('base64')}\r\n`);
  }
  block = Buffer.from(lines.join(''), 'latin1');
  return block;
}

/**
 * An ordinary message of about `size` bytes: text, and from 8 KB on an attachment. ASCII with CRLF, so that no tool
 * has a reason to alter it.
 */
export function composeMessage(random: Random, id: string, size: number): Buffer {
  const header = headerLines(random, id);
  if (size < ATTACHMENT_FROM_BYTES) {
    const head = [...header, 'Content-Type: text/plain; charset=utf-8', '', ''].join('\r\n');
    return Buffer.from(head + prose(size - head.length), 'latin1');
  }
  const start = [
    ...header,
    `Content-Type: multipart/mixed; boundary="=_${id}"`,
    '',
    `--=_${id}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    `${prose(1000)}--=_${id}`,
    'Content-Type: application/pdf; name="offer.pdf"',
    'Content-Transfer-Encoding: base64',
    '',
    '',
  ].join('\r\n');
  const end = `--=_${id}--\r\n`;
  const lines = Math.ceil((size - start.length - end.length) / LINE_BYTES);
  return Buffer.concat([
    Buffer.from(start, 'latin1'),
    attachment(random, Math.max(1, lines) * LINE_BYTES),
    Buffer.from(end, 'latin1'),
  ]);
}

function headerLines(random: Random, id: string): string[] {
  const date = new Date(random.between(1_600_000_000, 1_740_000_000) * 1000);
  const written = date.toUTCString().replace('GMT', '+0000');
  return [
    `Received: from mx${random.between(1, 9)}.example.net (mx.example.net [192.0.2.${random.between(1, 254)}])`,
    `\tby mail.example.com with ESMTPS id ${id}`,
    `\tfor <anna.nowak@example.com>; ${written}`,
    `Date: ${written}`,
    `From: ${random.pick(PEOPLE)}`,
    `To: ${random.pick(PEOPLE)}`,
    `Subject: ${random.pick(SUBJECTS)} ${id}`,
    `Message-ID: <${id}.${random.between(1, 1e9)}@mail.example.net>`,
    'MIME-Version: 1.0',
  ];
}

function prose(size: number): string {
  const text = PROSE.repeat(Math.max(1, Math.ceil(size / PROSE.length)));
  return `${text.slice(0, Math.max(1, size - 2)).trimEnd()}\r\n`;
}

function attachment(random: Random, size: number): Buffer {
  const source = base64Block();
  const offset = random.between(0, source.length / LINE_BYTES - 1) * LINE_BYTES;
  const bytes = Buffer.alloc(size);
  let from = offset;
  for (let at = 0; at < size; ) {
    const copied = source.copy(bytes, at, from, Math.min(source.length, from + size - at));
    at += copied;
    from = 0;
  }
  return bytes;
}
