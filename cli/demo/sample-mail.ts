import type { DemoMessage } from './demo-server.ts';

/** A person of the demo's small company, which moves from old.example to new.example. */
export interface DemoPerson {
  readonly name: string;
  readonly source: string;
  readonly destination: string;
  readonly folders: readonly DemoFolder[];
}

export interface DemoFolder {
  /** As users see it, levels parted by `/`. */
  readonly name: string;
  readonly specialUse?: string;
  readonly messages: number;
}

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  person('Anna Nowak', 'anna', [
    { name: 'INBOX', messages: 140 },
    { name: 'Wysłane', specialUse: '\\Sent', messages: 60 },
    { name: 'Projekty', messages: 8 },
    { name: 'Projekty/Łódź & Żywiec', messages: 25 },
    { name: 'Faktury', messages: 30 },
  ]),
  person('Linh Trần', 'linh', [
    { name: 'INBOX', messages: 110 },
    { name: 'Thư đã gửi', specialUse: '\\Sent', messages: 40 },
    { name: 'Khách hàng', messages: 12 },
    { name: 'Khách hàng/Đà Nẵng', messages: 30 },
  ]),
  person('Sam Carter', 'sam', [
    { name: 'INBOX', messages: 90 },
    { name: 'Sent', specialUse: '\\Sent', messages: 35 },
    { name: 'Receipts', messages: 20 },
    { name: 'Old bin', specialUse: '\\Trash', messages: 6 },
  ]),
];

const SUBJECTS = [
  'Lunch on Thursday?',
  'Minutes of the team meeting',
  'Żółte kartki i długopisy – zamówienie',
  'Báo giá cho khách hàng mới',
  'The new office: keys and parking',
  'Faktura za wrzesień',
  'Photos from the mountain trip',
  'Re: Re: Fwd: which printer?',
  'Welcome aboard!',
  'Chúc mừng sinh nhật 🎂',
];

const FLAGS = [['\\Seen'], ['\\Seen', '\\Answered'], [], ['\\Seen', '\\Flagged'], ['\\Seen', '$Forwarded']];
const ZONES = ['+0100', '+0700', '+0000', '-0500'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The mail of one person, always the same: plain and HTML, attachments, encoded and raw subjects, and true twins. */
export function sampleMail(owner: DemoPerson): DemoMessage[] {
  return owner.folders.flatMap(({ name: folder, messages }) =>
    Array.from({ length: messages }, (_, index) => {
      // Every fortieth message is there twice, as newsletters are: twins stay as many as they were.
      const number = index % 40 === 39 ? index - 1 : index;
      return sampleMessage(owner, folder, number);
    }),
  );
}

/** The message that arrives after the first copy. */
export function lateMessage(owner: DemoPerson): DemoMessage {
  return { ...sampleMessage(owner, 'INBOX', 100_000), flags: [] };
}

function sampleMessage(owner: DemoPerson, folder: string, number: number): DemoMessage {
  const author = pick(DEMO_PEOPLE, number);
  const subject = pick(SUBJECTS, number * 7 + folder.length);
  const date = dateOf(number, folder.length);
  const lines = [
    `Received: from mx.old.example by store.old.example with ESMTPS id ${number}.${folder.length}; ${date.header}`,
    `Message-ID: <${number}.${Buffer.from(folder).toString('hex')}.${owner.source}>`,
    `Date: ${date.header}`,
    `From: ${encodedWord(author.name)} <${author.source}>`,
    `To: ${encodedWord(owner.name)} <${owner.source}>`,
    `Subject: ${number % 5 === 0 ? subject : encodedWord(subject)}`,
    'MIME-Version: 1.0',
    ...body(subject, number),
  ];
  return {
    folder,
    raw: Buffer.from(lines.join('\r\n'), 'utf8').toString('latin1'),
    flags: pick(FLAGS, number),
    internalDate: date.internal,
  };
}

function body(subject: string, number: number): string[] {
  const text = [`Hello,`, '', `about “${subject}”: see below, message ${number}.`, '', 'Best wishes', ''];
  if (number % 9 === 4) {
    const attachment = Buffer.alloc(20_000 + (number % 7) * 15_000, `page ${number} `).toString('base64');
    return [
      'Content-Type: multipart/mixed; boundary="part"',
      '',
      '--part',
      'Content-Type: text/plain; charset=utf-8',
      '',
      ...text,
      '--part',
      'Content-Type: application/octet-stream; name="notes.bin"',
      'Content-Transfer-Encoding: base64',
      '',
      ...(attachment.match(/.{1,76}/g) ?? []),
      '--part--',
      '',
    ];
  }
  if (number % 3 === 1) {
    const html = text.map((line) => `<p>${line}</p>`);
    return ['Content-Type: text/html; charset=utf-8', '', '<html><body>', ...html, '</body></html>', ''];
  }
  return ['Content-Type: text/plain; charset=utf-8', '', ...text];
}

function dateOf(number: number, spread: number): { header: string; internal: string } {
  const day = String(1 + ((number * 5 + spread) % 28)).padStart(2, '0');
  const month = pick(MONTHS, number + spread);
  const year = 2019 + (number % 6);
  const time = `${String(7 + (number % 12)).padStart(2, '0')}:${String((number * 13) % 60).padStart(2, '0')}:07`;
  const zone = pick(ZONES, number);
  return {
    header: `${day} ${month} ${year} ${time} ${zone}`,
    internal: `${day}-${month}-${year} ${time} ${zone}`,
  };
}

/** RFC 2047, only where the text needs it. */
function encodedWord(text: string): string {
  return /^[ -~]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
}

function person(name: string, user: string, folders: readonly DemoFolder[]): DemoPerson {
  return { name, source: `${user}@old.example`, destination: `${user}@new.example`, folders };
}

function pick<T>(list: readonly T[], number: number): T {
  const item = list[number % list.length];
  if (item === undefined) throw new RangeError('the list is empty');
  return item;
}
