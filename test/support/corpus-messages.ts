import type { Random } from './random.ts';

/** A kind of message: builds its bytes; `id` differs for every message of a corpus. */
type MessageMaker = (random: Random, id: string) => Buffer;

const NAMES = [
  '"Łukasz Żółć" <lukasz@example.pl>',
  'Nguyễn Văn An <an@example.vn>',
  'jane@example.com',
  '"O\'Brien, Pat" <pat@example.org>',
  '=?UTF-8?B?5bGx55Sw5aSq6YOO?= <yamada@example.jp>',
] as const;
const WORDS = [
  'invoice',
  'Łódź',
  'meeting',
  'budget 2026',
  'ferie',
  'photos',
  'Re: offer',
  'Fwd: contract',
  'hợp đồng',
] as const;
const DAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

function lines(...texts: string[]): string {
  return texts.map((text) => `${text}\r\n`).join('');
}

/** An ordinary header block without its closing empty line. */
function header(random: Random, id: string, options: { messageId?: boolean; subject?: string } = {}): string {
  const date = new Date(random.between(86_400, 2_145_000_000) * 1000).toUTCString().replace('GMT', '+0000');
  return lines(
    `Received: from mx${random.between(1, 9)}.example.net (mx.example.net [192.0.2.${random.between(1, 254)}])`,
    `\tby mail.example.com with ESMTPS id ${id};`,
    `\t${DAY_NAMES[random.between(0, 6)] ?? 'Sun'}, ${date.slice(5)}`,
    `Date: ${date}`,
    `From: ${encoded(random.pick(NAMES))}`,
    `To: ${encoded(random.pick(NAMES))},`,
    `  ${encoded(random.pick(NAMES))}`,
    `Subject: ${encoded(options.subject ?? `${random.pick(WORDS)} ${id}`)}`,
    ...(options.messageId === false ? [] : [`Message-ID: <${id}@corpus.example.com>`]),
    'MIME-Version: 1.0',
  );
}

/** Encoded words (RFC 2047) for what is not ASCII. */
function encoded(text: string): string {
  return /^[\x20-\x7e]*$/.test(text)
    ? text
    : text.replace(/[^\x20-\x7e]+/g, (run) => `=?UTF-8?B?${Buffer.from(run).toString('base64')}?=`);
}

function sentences(random: Random, count: number): string {
  return lines(
    ...Array.from(
      { length: count },
      () => `${random.pick(WORDS)} and ${random.pick(WORDS)}, ${random.next()}`,
    ),
  );
}

function randomBytes(random: Random, size: number, lowest: number, highest: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let index = 0; index < size; index += 1) bytes[index] = random.between(lowest, highest);
  return bytes;
}

function base64Lines(bytes: Buffer): string {
  return lines(...(bytes.toString('base64').match(/.{1,76}/g) ?? []));
}

const TEXT_PART = 'Content-Type: text/plain; charset=utf-8';
const EIGHT_BIT = 'Content-Transfer-Encoding: 8bit';

const plain: MessageMaker = (random, id) =>
  Buffer.from(
    header(random, id) + lines(TEXT_PART, EIGHT_BIT, '') + sentences(random, random.between(3, 60)),
  );

const withAttachment: MessageMaker = (random, id) =>
  Buffer.from(
    header(random, id) +
      lines(`Content-Type: multipart/mixed; boundary="=_${id}"`, '', 'This is a MIME message.', `--=_${id}`) +
      lines(TEXT_PART, EIGHT_BIT, '') +
      sentences(random, 5) +
      lines(`--=_${id}`, "Content-Type: application/pdf; name*=UTF-8''%C5%82.pdf") +
      lines('Content-Transfer-Encoding: base64', '') +
      base64Lines(randomBytes(random, random.between(2_000, 30_000), 0, 255)) +
      lines(`--=_${id}--`),
  );

/** Makers of what real mailboxes hold beside ordinary mail; every one has broken some migration tool. */
export const CORPUS_KINDS = {
  plain,
  'with attachment': withAttachment,
  'without Message-ID': (random, id) =>
    Buffer.from(header(random, id, { messageId: false }) + lines('', `body ${id}`)),
  'UTF-8 in the header': (random, id) =>
    Buffer.from(
      header(random, id) + lines(`X-Raw: Zażółć gęślą jaźń ${id}`, 'From: Łukasz <l@example.pl>', '', 'x'),
    ),
  'Latin-1 in the header': (random, id) =>
    Buffer.from(header(random, id) + lines(`X-Raw: Gr\xfc\xdfe aus K\xf6ln ${id}`, '', 'x'), 'latin1'),
  'empty header': (random, id) => Buffer.from(lines('', `only a body ${id}`) + sentences(random, 2)),
  'header only': (random, id) => Buffer.from(header(random, id) + lines('')),
  'header without its end': (random, id) => Buffer.from(header(random, id).replace(/\r\n$/, '')),
  'bare line feeds': (random, id) =>
    Buffer.from((header(random, id) + lines('') + sentences(random, 5)).replaceAll('\r\n', '\n')),
  // never right before a line end: Dovecot drops one such carriage return each time it stores the message
  'bare carriage returns': (random, id) =>
    Buffer.from(header(random, id) + lines('', `progress 1%\rprogress 2%\rdone ${id}`)),
  'no final line end': (random, id) =>
    Buffer.from(header(random, id) + lines('') + sentences(random, 3).replace(/\r\n$/, '')),
  'lines of 5,000 characters': (random, id) =>
    Buffer.from(
      header(random, id) + lines('', 'x'.repeat(5_000), `${random.pick(WORDS)} `.repeat(800).slice(0, 5_000)),
    ),
  'ends like a literal': (random, id) =>
    Buffer.from(`${header(random, id)}${lines('')}see {${random.between(1, 99)}}`),
  'ends like a non-synchronising literal': (random, id) =>
    Buffer.from(header(random, id) + lines('', `see {${random.between(1, 9)}+}`)),
  'looks like IMAP': (random, id) =>
    Buffer.from(
      header(random, id) +
        lines('', '* 1 FETCH (UID 1)', 'a1 OK done', ')', '+ go ahead', '* BYE', '.', '..'),
    ),
  binary: (random, id) =>
    Buffer.concat([
      Buffer.from(
        header(random, id) +
          lines('Content-Type: application/octet-stream', 'Content-Transfer-Encoding: binary', ''),
      ),
      Buffer.from(
        randomBytes(random, random.between(500, 3_000), 1, 255)
          .toString('latin1')
          .replace(/\r+(?=\r?\n)/g, ''),
        'latin1',
      ),
    ]),
  'malformed header': (random, id) =>
    Buffer.from(
      header(random, id) +
        lines('this line has no colon', ' folded', ': no name', 'Subject: second', '', 'x'),
    ),
  'spaces at line ends': (random, id) =>
    Buffer.from(header(random, id) + lines('', 'flowed ', '\t', '  ', `-- `, id)),
} as const satisfies Record<string, MessageMaker>;

/** A message of that many bytes (binary attachment), cheap to build. */
export function largeMessage(random: Random, id: string, bytes: number): Buffer {
  const head = Buffer.from(
    header(random, id) +
      lines('Content-Type: application/octet-stream', 'Content-Transfer-Encoding: base64', ''),
  );
  const body = Buffer.alloc(
    Math.max(0, bytes - head.length),
    base64Lines(randomBytes(random, 57 * 1009, 0, 255)),
  );
  return Buffer.concat([head, body]);
}

/** Versions of one draft: the same Message-ID, other bodies. */
export function draftVersion(random: Random, id: string, version: number): Buffer {
  return Buffer.from(header(random, id) + lines('', `version ${version}`) + sentences(random, version + 1));
}

/** The very same header and the same size, but another body. */
export function sameHeaderOtherBody(random: Random, id: string, version: number): Buffer {
  return Buffer.from(header(random, id) + lines('', `the amount is ${1000 + version} euro`));
}
