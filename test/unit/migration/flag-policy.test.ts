import fc from 'fast-check';
import { reconcileFlags, sameFlags, writableFlags } from '../../../shared/migration/flag-policy.ts';

const flag = fc.constantFrom(
  '\\Seen',
  '\\SEEN',
  '\\Answered',
  '\\Recent',
  '\\recent',
  '$Forwarded',
  'NonJunk',
  '\\XNew',
  'a b',
  '',
);
const flags = fc.array(flag);

describe('flags that may be written', () => {
  test('without PERMANENTFLAGS: system flags and keywords, but nothing of the server or unknown to IMAP', () => {
    expect(writableFlags(['\\Seen', '\\Recent', '\\XNew', '$MDNSent', 'NonJunk', '\\*'], undefined)).toEqual([
      '\\Seen',
      '$MDNSent',
      'NonJunk',
    ]);
  });

  test('what is withheld never, in any case of letters, though the server takes it', () => {
    const permitted = {
      flags: ['\\Seen', '\\Deleted'],
      anyKeyword: true,
      withheld: ['\\Deleted', '$MDNSent'],
    };
    expect(writableFlags(['\\Seen', '\\DELETED', '$mdnsent', 'NonJunk'], permitted)).toEqual([
      '\\Seen',
      'NonJunk',
    ]);
  });

  test('keywords only where new ones may be made, or those listed', () => {
    const flags = ['\\Seen', '\\Draft', 'NonJunk', '$Label1'];
    expect(writableFlags(flags, { flags: ['\\Seen', '$label1'], anyKeyword: false })).toEqual([
      '\\Seen',
      '$Label1',
    ]);
    expect(writableFlags(flags, { flags: ['\\seen'], anyKeyword: true })).toEqual([
      '\\Seen',
      'NonJunk',
      '$Label1',
    ]);
    expect(writableFlags(flags, { flags: [], anyKeyword: false })).toEqual([]);
  });

  test('a \\Flag that the server lists is written, an unlisted one is not made by \\*', () => {
    expect(writableFlags(['\\XNew', '\\Other'], { flags: ['\\XNew'], anyKeyword: true })).toEqual(['\\XNew']);
  });

  test('\\Recent is dropped even where a server lists it', () => {
    expect(
      writableFlags(['\\Recent', '\\Seen'], { flags: ['\\Recent', '\\Seen'], anyKeyword: true }),
    ).toEqual(['\\Seen']);
  });

  test('each flag once, in the spelling that came first', () => {
    expect(writableFlags(['\\SEEN', '\\Seen', 'Work', 'WORK'], undefined)).toEqual(['\\SEEN', 'Work']);
  });

  test.each([
    'a b',
    'x\r\nA1 DELETE INBOX',
    'x)',
    '(x',
    '"x"',
    '{3}',
    '%',
    '*',
    'a\\b',
    '\\\\Seen',
    ']',
    'zażółć',
    '\\',
    '',
    'x\n',
  ])('%j, which would break a command, is never written', (flag) => {
    expect(writableFlags([flag], undefined)).toEqual([]);
    expect(writableFlags([flag], { flags: [flag], anyKeyword: true })).toEqual([]);
  });

  test('keywords of real mail are written', () => {
    const keywords = [
      '$Forwarded',
      '$MDNSent',
      '$label1',
      'Junk',
      'NonJunk',
      'OIB-Seen-INBOX',
      '+FLAG',
      'a.b/c',
      '$cl_1:0',
      '[x',
      "it's",
    ];
    expect(writableFlags(keywords, undefined)).toEqual(keywords);
  });
});

describe('changes of flags', () => {
  test('the source is followed while the destination is as it was written', () => {
    expect(
      reconcileFlags({
        source: ['\\Seen', '\\Flagged'],
        lastWritten: ['\\Seen'],
        destination: ['\\seen', '\\Recent'],
      }),
    ).toEqual({
      write: ['\\Seen', '\\Flagged'],
    });
    expect(reconcileFlags({ source: [], lastWritten: ['\\Seen'], destination: ['\\Seen'] })).toEqual({
      write: [],
    });
  });

  test("the user's own change at the destination wins", () => {
    expect(reconcileFlags({ source: [], lastWritten: ['\\Seen'], destination: [] })).toBeUndefined();
    expect(
      reconcileFlags({ source: ['\\Seen'], lastWritten: [], destination: ['\\Flagged'] }),
    ).toBeUndefined();
  });

  test('nothing is written where the source has not changed', () => {
    expect(
      reconcileFlags({ source: ['\\SEEN', '\\Recent'], lastWritten: ['\\Seen'], destination: ['\\Seen'] }),
    ).toBeUndefined();
  });

  test('flags are written exactly where the source alone has changed, and once', () => {
    fc.assert(
      fc.property(flags, flags, flags, (source, lastWritten, destination) => {
        const write = reconcileFlags({ source, lastWritten, destination })?.write;
        const sourceAlone = sameFlags(destination, lastWritten) && !sameFlags(source, lastWritten);
        expect(write !== undefined).toBe(sourceAlone);
        const now = write ?? source;
        expect(sameFlags(now, source)).toBe(true);
        expect(reconcileFlags({ source, lastWritten: now, destination: now })).toBeUndefined();
      }),
    );
  });
});
