import fc from 'fast-check';
import { BufferMeter } from '../../../shared/imap/wire/buffer-meter.ts';
import { ResponseAssembler } from '../../../shared/imap/wire/response-assembler.ts';
import { ResponseReader } from '../../../shared/imap/wire/response-reader.ts';
import { DEFAULT_WIRE_LIMITS, type WireLimits } from '../../../shared/imap/wire/wire-limits.ts';

/** Reads chunks and returns what was recognised, bodies joined. */
function read(chunks: readonly Buffer[], limits: Partial<WireLimits> = {}) {
  const seen: unknown[] = [];
  const meter = new BufferMeter();
  const all = { ...DEFAULT_WIRE_LIMITS, ...limits };
  const assembler = new ResponseAssembler(
    {
      tagged: (tag, answer) => seen.push({ tag, answer }),
      tagless: (answer) => seen.push({ tagless: answer }),
      continuation: () => seen.push('+'),
      untagged: (response) => seen.push(normalised(response)),
      body: (row, size) => {
        const parts: Buffer[] = [];
        return {
          chunk: (bytes) => parts.push(Buffer.from(bytes)),
          end: () => seen.push({ row, size, body: Buffer.concat(parts).toString('latin1') }),
        };
      },
    },
    all,
    meter,
  );
  const reader = new ResponseReader(assembler, all, meter);
  for (const chunk of chunks) reader.push(chunk);
  return { seen, meter };
}

/** The bytes in it as text, so that views of the same bytes are equal. */
function normalised(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (Array.isArray(value)) return value.map(normalised);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, normalised(each)]));
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  const edges = [0, ...places, bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

const body = fc.string({
  unit: fc.constantFrom(
    'a',
    ' ',
    '"',
    '(',
    '{5}',
    '\r',
    '\n',
    '{3}\r\n',
    ')',
    '\0',
    '\xe9',
    '* 1 EXISTS\r\n',
    'Mh1 OK\r\n',
  ),
});
const flags = fc.constantFrom('()', '(\\Seen)', '(\\Seen $Forwarded [x)', '(\\*)');
const literal = (text: string): string => `{${text.length}}\r\n${text}`;
const response = fc.oneof(
  fc.nat(99).map((n) => `* ${n} EXISTS`),
  fc.constantFrom(
    '+ go ahead {5}',
    'Mh7 OK [APPENDUID 38505 3955] done',
    'Mh8 NO [OVERQUOTA] full {12}',
    'BAD tagless',
    '* OK [PERMANENTFLAGS (\\Deleted a]b \\*)] Limited',
    '* OK [ALERT] text {5}',
    '* SEARCH 1 2 3 (MODSEQ 9)',
    '* ESEARCH (TAG "a") UID ALL 1:3,7',
    '* STATUS "a \\"b\\\\" (MESSAGES 3 UIDNEXT 4)',
    '* LIST (\\HasNoChildren) NIL {5}\r\nodd\ne',
    '* FLAGS (\\Seen)',
    '* QUOTA "" (STORAGE 1 2) {3}\r\nabc and more',
    '',
  ),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), flags, body)
    .map(
      ([uid, f, text]) =>
        `* 1 FETCH (UID ${uid} FLAGS ${f} INTERNALDATE " 7-Jan-2001 02:44:25 +0500" MODSEQ (9) BODY[] ${literal(text)})`,
    ),
  fc.tuple(flags, body).map(([f, text]) => `* 2 FETCH (BODY[] ${literal(text)} UID 4 FLAGS ${f})`),
  fc
    .tuple(body, body)
    .map(
      ([a, b]) =>
        `* 3 FETCH (BODY[HEADER.FIELDS ("To" CC)] ${literal(a)} RFC822.SIZE 3 X-THING ${literal(b)} UID 9)`,
    ),
);

describe('the response reader', () => {
  test('recognises the same whatever the chunks of the socket are', () => {
    fc.assert(
      fc.property(
        fc.array(response, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (list, cuts) => {
          const bytes = Buffer.from(list.map((line) => `${line}\r\n`).join(''), 'latin1');

          const whole = read([bytes]).seen;

          expect(read(split(bytes, cuts)).seen).toEqual(whole);
          expect(read([...bytes].map((byte) => Buffer.of(byte))).seen).toEqual(whole);
        },
      ),
    );
  });

  test('hands a body on byte for byte', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (content, cuts) => {
          const bytes = Buffer.concat([
            Buffer.from(`* 1 FETCH (UID 5 BODY[] {${content.length}}\r\n`),
            content,
            Buffer.from(')\r\n'),
          ]);

          const [message] = read(split(bytes, cuts)).seen;

          expect(message).toMatchObject({
            row: { uid: 5 },
            size: content.length,
            body: Buffer.from(content).toString('latin1'),
          });
        },
      ),
    );
  });

  test('takes a list of any length in parts that add up to it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 0xffff_ffff }), { minLength: 20_000, maxLength: 30_000 }),
        fc.integer({ min: 1000, max: 70_000 }),
        (uids, chunk) => {
          const bytes = Buffer.from(`* SEARCH ${uids.join(' ')}\r\n`);
          const chunks = [];
          for (let at = 0; at < bytes.length; at += chunk) chunks.push(bytes.subarray(at, at + chunk));

          const { seen, meter } = read(chunks);

          expect(seen.flatMap((part) => (part as { numbers: number[] }).numbers)).toEqual(uids);
          expect(meter.peak).toBeLessThan(64 * 1024 + chunk + 1);
        },
      ),
      { numRuns: 5 },
    );
  });

  test('takes a long ESEARCH set in parts that add up to it', () => {
    const set = Array.from({ length: 60_000 }, (_, index) => `${index * 3 + 1}`).join(',');
    const bytes = Buffer.from(`* ESEARCH (TAG "Mh1") UID ALL ${set}\r\nMh1 OK\r\n`);

    const { seen } = read(split(bytes, [70_000, 140_000, 200_000, 260_000]));

    const sets = seen.flatMap((part) => (part as { set?: string }).set ?? []);
    expect(sets.length).toBeGreaterThan(2);
    expect(sets.join(',')).toBe(set);
  });

  test('never takes the text of a status for a literal', () => {
    const { seen } = read([Buffer.from('* OK watch out {100}\r\n* 5 EXISTS\r\n')]);

    expect(seen).toHaveLength(2);
  });

  test('cuts off an enormous header instead of giving up the message', () => {
    const header = 'x'.repeat(5000);

    const { seen, meter } = read(
      [Buffer.from(`* 1 FETCH (UID 7 BODY[HEADER] {5000}\r\n${header} RFC822.SIZE 1)\r\n`)],
      {
        literalBytes: 1000,
      },
    );

    expect(seen).toEqual([
      { kind: 'fetch', row: { sequence: 1, uid: 7, size: 1, header: 'x'.repeat(1000), body: 'absent' } },
    ]);
    expect(meter.bytes).toBe(0);
  });

  test('tells a body that is missing from one that is empty', () => {
    const bodies = ['NIL', '""', '{0}\r\n', '"\\"q\\\\"'].map((value) => {
      const [first, second] = read([Buffer.from(`* 1 FETCH (UID 7 BODY[] ${value})\r\n`)]).seen;
      return second ?? first;
    });

    expect(bodies).toMatchObject([
      { row: { body: 'nil' } },
      { row: { body: '' } },
      { row: { body: 'streamed' } },
      { row: { body: '"q\\' } },
    ]);
  });
});
