import fc from 'fast-check';
import { mapFolders, type FolderMapping } from '../../../shared/migration/folder-mapping.ts';
import { type FolderMapEntry, parseFolderMap } from '../../../shared/migration/selection/folder-map.ts';
import { parseFolderPattern } from '../../../shared/migration/selection/folder-pattern.ts';
import { parseFolderSelection } from '../../../shared/migration/selection/folder-selection.ts';
import type { SpecialUse } from '../../../shared/migration/special-use.ts';

function place(path: string, ...uses: Array<[SpecialUse, number]>) {
  return { names: path.split('/'), uses: uses.map(([use, depth]) => ({ use, depth })) };
}

function matched(pattern: string, paths: readonly string[]): string[] {
  const { match } = parseFolderPattern(pattern);
  return paths.filter((path) => match(place(path)) !== undefined);
}

describe('a pattern', () => {
  const paths = [
    'INBOX',
    'Work',
    'Work/2020',
    'Work/2020/May',
    'Workshop',
    'work',
    'a*b',
    'a%b',
    'axb',
    'a\\b',
  ];

  test.each([
    ['Work', ['Work']],
    ['Work/*', ['Work', 'Work/2020', 'Work/2020/May']],
    ['Work/%', ['Work/2020']],
    ['Work*', ['Work', 'Work/2020', 'Work/2020/May', 'Workshop']],
    ['%', ['INBOX', 'Work', 'Workshop', 'work', 'a*b', 'a%b', 'axb', 'a\\b']],
    ['*', paths],
    ['*/May', ['Work/2020/May']],
    ['%/%/May', ['Work/2020/May']],
    ['a*b', ['a*b', 'a%b', 'axb', 'a\\b']],
    ['a\\*b', ['a*b']],
    ['a\\%b', ['a%b']],
    ['a\\\\b', ['a\\b']],
    ['inbox', ['INBOX']],
    ['work', ['work']],
  ])('%s means %j', (pattern, expected) => {
    expect(matched(pattern, paths)).toEqual(expected);
  });

  test('takes a slash inside a name after a backslash only', () => {
    const slashed = { names: ['in\0out'], uses: [] };
    expect(parseFolderPattern('in/out').match(slashed)).toBeUndefined();
    expect(parseFolderPattern('a\\/b').match({ names: ['a/b'], uses: [] })).toEqual([]);
    expect(parseFolderPattern('a\\/b').match(place('a/b'))).toBeUndefined();
  });

  test('by a well-known name means the folder of that use, whatever it is called', () => {
    const sent = place('Gesendet', ['\\Sent', 1]);
    const below = place('Gesendet/2020/May', ['\\Sent', 1]);
    expect(parseFolderPattern('#SentItems#').match(sent)).toEqual([]);
    expect(parseFolderPattern('#SentItems#').match(below)).toBeUndefined();
    expect(parseFolderPattern('#sentitems#/*').match(sent)).toEqual(['']);
    expect(parseFolderPattern('#SentItems#/*').match(below)).toEqual(['2020\0May']);
    expect(parseFolderPattern('#SentItems#/%').match(below)).toBeUndefined();
    expect(parseFolderPattern('#SentItems#/2020/%').match(below)).toEqual(['May']);
    expect(parseFolderPattern('#Inbox#/*').match(place('INBOX/Work', ['\\Inbox', 1]))).toEqual(['Work']);
    expect(parseFolderPattern('#Inbox#/*').match(place('Work'))).toBeUndefined();
  });

  test.each(['', '/', '/a', 'a/', 'a//b', 'a\\', '#Nowhere#', '#Inbox#/', '#SentItems#//*', '*'.repeat(9)])(
    '%j is refused',
    (pattern) => {
      expect(() => parseFolderPattern(pattern)).toThrow(
        expect.objectContaining({ code: 'folder-pattern-invalid', pattern }),
      );
    },
  );

  test('of many wildcards is compared in bounded time with any name', () => {
    const { match } = parseFolderPattern('*a*a*a*a*a*a*a*b');
    expect(match({ names: ['a'.repeat(5_000)], uses: [] })).toBeUndefined();
  });

  test('captures are what makes the pattern the name again', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '%'), maxLength: 8 });
    fc.assert(
      fc.property(
        text,
        fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 3 }),
        (pattern, names) => {
          let parsed: ReturnType<typeof parseFolderPattern>;
          try {
            parsed = parseFolderPattern(pattern);
          } catch {
            return;
          }
          const captures = parsed.match({ names, uses: [] });
          if (captures === undefined) return;
          const left = [...captures];
          const filled = pattern.replace(/[*%]/g, () => left.shift()?.replaceAll('\0', '/') ?? '?');
          expect(filled.replace(/\/$/, '')).toBe(names.join('/'));
        },
      ),
    );
  });
});

const SOURCE = [
  'INBOX',
  'INBOX/Lists',
  'Gesendet',
  'Gesendet/2020',
  'Papierkorb',
  'Papierkorb/Alt',
  'Spam',
  'Work',
  'Work/2020',
  'Work/2020/May',
  'Calendar',
];

function mapping(
  options: {
    entries?: readonly FolderMapEntry[];
    selection?: Parameters<typeof parseFolderSelection>[0];
    fixed?: ReadonlyMap<string, string>;
    existing?: readonly string[];
  },
  source = SOURCE,
): FolderMapping[] {
  return mapFolders(
    source.map((path) => ({ path, delimiter: '/', selectable: true })),
    {
      prefix: '',
      wishes: parseFolderMap(options.entries ?? []),
      selection: parseFolderSelection(options.selection ?? {}),
    },
    {
      delimiter: '.',
      prefix: 'INBOX.',
      existing: (options.existing ?? ['INBOX', 'INBOX.Sent']).map((path) => ({ path })),
      caseInsensitive: false,
      utf8: false,
      fixed: options.fixed,
    },
  );
}

function places(options: Parameters<typeof mapping>[0], source?: string[]): Record<string, string> {
  return Object.fromEntries(
    mapping(options, source).map(({ sourcePath, destinationPath }) => [sourcePath, destinationPath]),
  );
}

describe("the admin's own mapping", () => {
  test('goes before special use and names; children follow their parent', () => {
    const entries = [
      { source: 'Gesendet', destination: 'Old/Sent' },
      { source: 'Work/2020', destination: '#Archive#/2020.1' },
    ];
    expect(places({ entries }, SOURCE)).toMatchObject({
      Gesendet: 'INBOX.Old.Sent',
      'Gesendet/2020': 'INBOX.Old.Sent.2020',
      Work: 'INBOX.Work',
      'Work/2020': 'INBOX.Archive.2020_1',
      'Work/2020/May': 'INBOX.Archive.2020_1.May',
    });
  });

  test('wildcards of the destination are filled with what those of the source stand for', () => {
    const entries = [
      { source: 'Work/%/%', destination: 'By month/%/%' },
      { source: '#SentItems#/*', destination: '#SentItems#/Before the move/*' },
    ];
    expect(places({ entries })).toMatchObject({
      Gesendet: 'INBOX.Sent.Before the move',
      'Gesendet/2020': 'INBOX.Sent.Before the move.2020',
      'Work/2020/May': 'INBOX.By month.2020.May',
      'Work/2020': 'INBOX.Work.2020',
    });
  });

  test('the first entry that fits counts, and earlier mappings stay', () => {
    const entries = [
      { source: 'Work/2020', destination: 'A' },
      { source: 'Work/*', destination: 'B/*' },
    ];
    const fixed = new Map([['Work/2020/May', 'INBOX.Was here']]);
    expect(places({ entries, fixed })).toMatchObject({
      Work: 'INBOX.B',
      'Work/2020': 'INBOX.A',
      'Work/2020/May': 'INBOX.Was here',
    });
  });

  test('two folders that a wildcard brings together stay two', () => {
    const entries = [{ source: '%/2020', destination: '%' }];
    expect(places({ entries })).toMatchObject({
      'Gesendet/2020': 'INBOX.Gesendet',
      'Work/2020': 'INBOX.Work',
      Work: 'INBOX.Work (2)',
    });
  });

  test('the inbox may go elsewhere, and its children with it; nothing else becomes the inbox', () => {
    expect(places({ entries: [{ source: '#Inbox#', destination: 'Old mail' }] })).toMatchObject({
      INBOX: 'INBOX.Old mail',
      'INBOX/Lists': 'INBOX.Old mail.Lists',
    });
    expect(places({ entries: [{ source: 'inbox', destination: '#Inbox#' }] })).toMatchObject({
      INBOX: 'INBOX',
    });
    expect(places({ entries: [{ source: 'x/*', destination: '*' }] }, ['INBOX', 'x/inbox'])).toEqual({
      INBOX: 'INBOX',
      'x/inbox': 'INBOX (2)',
    });
  });

  test.each<[string, FolderMapEntry[], number, 'source' | 'destination']>([
    ['a pattern that is none', [{ source: 'a//b', destination: 'x' }], 0, 'source'],
    ['an unknown well-known name', [{ source: 'a', destination: '#Sent#/x' }], 0, 'destination'],
    ['an empty destination', [{ source: 'a', destination: '' }], 0, 'destination'],
    ['a destination with a blank name', [{ source: 'a', destination: 'x/ /y' }], 0, 'destination'],
    ['wildcards without a source', [{ source: 'a/%', destination: 'x' }], 0, 'destination'],
    [
      'a second entry for a folder',
      [
        { source: 'a', destination: 'x' },
        { source: 'a', destination: 'y' },
      ],
      1,
      'source',
    ],
    [
      'two entries to one folder',
      [
        { source: 'a', destination: 'x' },
        { source: 'b', destination: 'x' },
      ],
      1,
      'destination',
    ],
    [
      'another folder to the inbox',
      [
        { source: 'a', destination: 'x' },
        { source: 'b', destination: 'Inbox' },
      ],
      1,
      'destination',
    ],
    ['another folder to #Inbox#', [{ source: '#Drafts#', destination: '#Inbox#' }], 0, 'destination'],
  ])('%s is refused, and the entry named', (_, entries, index, field) => {
    expect(() => parseFolderMap(entries)).toThrow(
      expect.objectContaining({ code: 'folder-map-invalid', index, field }),
    );
  });
});

describe('the selection', () => {
  function leftOut(selection: Parameters<typeof parseFolderSelection>[0]): Record<string, string> {
    return Object.fromEntries(
      mapping({ selection }).flatMap((one) =>
        one.leftOut === undefined ? [] : [[one.sourcePath, one.leftOut]],
      ),
    );
  }

  test('takes everything unless told otherwise, junk and trash too', () => {
    expect(leftOut({})).toEqual({});
  });

  test('leaves out junk and trash with what is below them', () => {
    expect(leftOut({ junk: false, trash: false })).toEqual({
      Spam: 'junk',
      Papierkorb: 'trash',
      'Papierkorb/Alt': 'trash',
    });
  });

  test('knows what is below a folder that holds no mail itself, listed or not', () => {
    const source = [
      { path: 'Trash/Deep', delimiter: '/', selectable: true },
      { path: 'X', delimiter: '/', selectable: false, specialUse: '\\Junk' as const },
      { path: 'X/y', delimiter: '/', selectable: true },
    ];
    const selection = parseFolderSelection({ junk: false, trash: false });
    const rules = { delimiter: '/', prefix: '', existing: [], caseInsensitive: false, utf8: false };
    const mapped = mapFolders(source, { prefix: '', selection }, rules);
    expect(mapped.map(({ sourcePath, leftOut }) => [sourcePath, leftOut])).toEqual([
      ['Trash/Deep', 'trash'],
      ['X/y', 'junk'],
    ]);
  });

  test('excludes by patterns, also inside of what is included', () => {
    expect(leftOut({ include: ['#Inbox#/*', 'Work/*'], exclude: ['*/May'] })).toEqual({
      Gesendet: 'not-included',
      'Gesendet/2020': 'not-included',
      Papierkorb: 'not-included',
      'Papierkorb/Alt': 'not-included',
      Spam: 'not-included',
      Calendar: 'not-included',
      'Work/2020/May': 'excluded',
    });
  });

  test('leaves out what holds no mail at a provider unless it is asked for', () => {
    expect(leftOut({ withoutMail: ['calendar'] })).toEqual({ Calendar: 'without-mail' });
    expect(leftOut({ withoutMail: ['calendar'], include: ['*'] })).toEqual({});
  });

  test('does not change the place of any folder', () => {
    const whole = mapping({});
    const part = mapping({ selection: { include: ['Work/2020/May'] } });
    expect(part.map(({ leftOut: _leftOut, ...rest }) => rest)).toEqual(whole);
  });
});
