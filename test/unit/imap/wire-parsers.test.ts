import fc from 'fast-check';
import { literalHeader, literalMode, verbOf } from '../../../shared/imap/wire/command-part.ts';
import { isFlagAtom } from '../../../shared/imap/wire/flag-atom.ts';
import { mailboxArgument } from '../../../shared/imap/wire/mailbox-argument.ts';
import { parseStatusLine } from '../../../shared/imap/wire/status-line.ts';
import { uidBatches } from '../../../shared/imap/wire/uid-batches.ts';
import { textOf, type Value } from '../../../shared/imap/wire/value.ts';
import { ValueParser } from '../../../shared/imap/wire/value-parser.ts';
import { DEFAULT_WIRE_LIMITS } from '../../../shared/imap/wire/wire-limits.ts';

/** The text of values, with literals on lines of their own. */
function written(values: readonly Value[]): string {
  return values
    .map((value) => {
      if (typeof value === 'string') return value;
      if (Array.isArray(value)) return `(${written(value)})`;
      const text = textOf(value) ?? '';
      return /[\r\n\0]/.test(text) ? `{${text.length}}\r\n${text}` : `"${text.replace(/["\\]/g, '\\$&')}"`;
    })
    .join(' ');
}

function parsed(text: string): Value[] {
  const parser = new ValueParser(DEFAULT_WIRE_LIMITS);
  let rest = text;
  for (;;) {
    const end = rest.indexOf('\r\n');
    const octets = parser.feed(end === -1 ? rest : rest.slice(0, end));
    if (octets === undefined) return parser.innermost;
    parser.place(Buffer.from(rest.slice(end + 2, end + 2 + octets), 'latin1'));
    rest = rest.slice(end + 2 + octets);
  }
}

describe('values', () => {
  const { values } = fc.letrec<{ value: Value; values: Value[] }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(
        'NIL',
        'UID',
        '\\Seen',
        '\\*',
        '42',
        'BODY[HEADER.FIELDS ("a ]b" C)]',
        '$x[y',
        '~weird',
      ),
      fc
        .string({ unit: fc.constantFrom('a', '"', '\\', '(', ' ', ']', '{2}', '\xff') })
        .map((t) => Buffer.from(t, 'latin1')),
      fc
        .string({ unit: fc.constantFrom('a', '\r\n', '\0', ')', '{1}') })
        .map((t) => Buffer.from(t, 'latin1')),
      tie('values'),
    ),
    values: fc.array(tie('value'), { maxLength: 5 }),
  }));

  test('are read as they were written', () => {
    fc.assert(
      fc.property(values, (list) => {
        expect(parsed(written(list))).toEqual(list);
      }),
    );
  });
});

describe('a status line', () => {
  test.each([
    ['OK done', { status: 'OK', text: 'done' }],
    ['ok', { status: 'OK', text: '' }],
    ['NO [TRYCREATE] no such', { status: 'NO', code: 'TRYCREATE', text: 'no such' }],
    ['OK [uidnext 5]', { status: 'OK', code: 'UIDNEXT', codeArguments: '5', text: '' }],
    ['OK [BADURL "a]b"] x', { status: 'OK', code: 'BADURL', codeArguments: '"a]b"', text: 'x' }],
    ['OK [PERMANENTFLAGS (a]b \\*)] x', { code: 'PERMANENTFLAGS', codeArguments: '(a]b \\*)', text: 'x' }],
    ['OK [unfinished', { status: 'OK', text: '[unfinished' }],
    ['BYE [', { status: 'BYE', text: '[' }],
    ['OK [] x', { status: 'OK', text: 'x' }],
  ])('%j is understood', (line, answer) => {
    expect(parseStatusLine(line)).toMatchObject(answer);
  });

  test('is nothing else', () => {
    expect(parseStatusLine('OKAY')).toBeUndefined();
  });
});

describe('a mailbox name', () => {
  test.each([
    ['INBOX', false, '"INBOX"'],
    ['a "quoted\\" name', false, '"a \\"quoted\\\\\\" name"'],
    ['Entwürfe & mehr', false, '"Entw&APw-rfe &- mehr"'],
    ['Entwürfe', true, '"Entw\xc3\xbcrfe"'],
    ['a\nb', false, '"a&AAo-b"'],
  ])('%j is quoted', (path, utf8, argument) => {
    expect(mailboxArgument(path, utf8)).toBe(argument);
  });

  test('that a quoted string cannot hold becomes a literal', () => {
    expect(mailboxArgument('a\nb', true)).toEqual(Buffer.from('a\nb'));
  });
});

describe('a literal', () => {
  test.each([
    ['LITERAL+', '{9000+}', '{10+}'],
    ['LITERAL-', '{9000}', '{10+}'],
    ['IMAP4REV2', '{9000}', '{10+}'],
    ['IMAP4REV1', '{9000}', '{10}'],
  ])('is announced as %s allows', (capability, long, short) => {
    const mode = literalMode(new Set([capability]));

    expect(literalHeader(mode, 9000)).toBe(long);
    expect(literalHeader(mode, 10)).toBe(short);
  });
});

describe('the verb of a command', () => {
  test('is all that errors tell of it', () => {
    expect(verbOf('UID fetch 1:5 (BODY[])')).toBe('UID FETCH');
    expect(verbOf('LOGIN me secret')).toBe('LOGIN');
  });
});

describe('a flag', () => {
  test.each(['\\Seen', '$Forwarded', 'NonJunk', 'a]b', 'caf\xe9'])('%j may be sent', (flag) => {
    expect(isFlagAtom(flag)).toBe(true);
  });

  test.each(['', 'two words', 'a)b', 'a"b', 'a\r\nMh9 LOGOUT', 'a\\b', '{5}', '\\'])(
    '%j may not be sent',
    (flag) => {
      expect(isFlagAtom(flag)).toBe(false);
    },
  );
});

describe('batches of UIDs', () => {
  test('hold every UID once, in order, in lines of bounded length', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 0xffff_ffff }), { maxLength: 1500 }),
        fc.integer({ min: 1, max: 600 }),
        (list, messages) => {
          const uids = list.toSorted((a, b) => a - b);

          const batches = [...uidBatches(uids, messages)];

          expect(batches.flatMap((batch) => batch.uids)).toEqual(uids);
          for (const { set, uids: some } of batches) {
            expect(set.length).toBeLessThanOrEqual(3600);
            expect(some.length).toBeLessThanOrEqual(messages);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
