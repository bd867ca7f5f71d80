import {
  type DestinationFolder,
  type DestinationRules,
  type FolderMapping,
  mapFolders,
  type SourceFolder,
  type SpecialUse,
} from '../../../shared/migration/folder-mapping.ts';
import { bytesOfName } from '../../../shared/migration/shorten-name.ts';

function folder(path: string, extra: Partial<SourceFolder> = {}): SourceFolder {
  return { path, delimiter: '/', selectable: true, ...extra };
}

function rules(extra: Partial<DestinationRules> = {}): DestinationRules {
  return {
    delimiter: '/',
    prefix: '',
    existing: [{ path: 'INBOX' }],
    caseInsensitive: false,
    utf8: false,
    ...extra,
  };
}

/** Source path to destination path. */
function paths(mappings: readonly FolderMapping[]): Record<string, string> {
  return Object.fromEntries(mappings.map((mapping) => [mapping.sourcePath, mapping.destinationPath]));
}

function map(source: readonly (SourceFolder | string)[], extra: Partial<DestinationRules> = {}, prefix = '') {
  const folders = source.map((item) => (typeof item === 'string' ? folder(item) : item));
  return paths(mapFolders(folders, { prefix }, rules(extra)));
}

const special = (path: string, specialUse: SpecialUse) => folder(path, { specialUse });

describe('the inbox', () => {
  test.each(['INBOX', 'Inbox', 'inbox'])('%s goes to INBOX, which is never created', (path) => {
    expect(mapFolders([folder(path)], { prefix: '' }, rules({ existing: [] }))).toEqual([
      { sourcePath: path, destinationPath: 'INBOX', create: false },
    ]);
  });

  test('its children stay its children, however the source spells it', () => {
    expect(map(['Inbox', 'inbox/Work', 'INBOX/Play'])).toEqual({
      Inbox: 'INBOX',
      'inbox/Work': 'INBOX/Work',
      'INBOX/Play': 'INBOX/Play',
    });
    expect(map(['Inbox', 'inbox/Work'], { delimiter: '.', prefix: 'INBOX.' })).toEqual({
      Inbox: 'INBOX',
      'inbox/Work': 'INBOX.Work',
    });
  });

  test('a folder whose cleaned name would be INBOX does not flow into it', () => {
    expect(map(['INBOX', ' inbox '], { trimmed: true })).toEqual({ INBOX: 'INBOX', ' inbox ': 'inbox (2)' });
    expect(map(['INBOX', ' inbox '])).toEqual({ INBOX: 'INBOX', ' inbox ': ' inbox ' });
  });

  test('a source without INBOX has it in the root of its namespace, or inside it', () => {
    const dotted = { delimiter: '.' };
    expect(map([folder('user.anna', dotted), folder('user.anna.Work', dotted)], {}, 'user.anna.')).toEqual({
      'user.anna': 'INBOX',
      'user.anna.Work': 'Work',
    });
    expect(map([folder('root.INBOX', dotted), folder('root.Work', dotted)], {}, 'root')).toEqual({
      'root.INBOX': 'INBOX',
      'root.Work': 'Work',
    });
  });
});

describe('prefixes and delimiters', () => {
  const courier = { delimiter: '.' };

  test('a Courier source loses its INBOX. prefix', () => {
    const source = ['INBOX', 'INBOX.Work', 'INBOX.Work.2020', 'shared.Team'].map((path) =>
      folder(path, courier),
    );
    expect(map(source, {}, 'INBOX.')).toEqual({
      INBOX: 'INBOX',
      'INBOX.Work': 'Work',
      'INBOX.Work.2020': 'Work/2020',
      'shared.Team': 'shared/Team',
    });
  });

  test('a Courier destination gets the prefix', () => {
    expect(map(['INBOX', 'Work', 'Work/2020'], { delimiter: '.', prefix: 'INBOX.' })).toEqual({
      INBOX: 'INBOX',
      Work: 'INBOX.Work',
      'Work/2020': 'INBOX.Work.2020',
    });
  });

  test('a prefix without its delimiter means the same', () => {
    expect(map(['Work'], { delimiter: '.', prefix: 'INBOX' })).toEqual({ Work: 'INBOX.Work' });
    expect(map([folder('Inbox.Work', courier)], {}, 'INBOX')).toEqual({ 'Inbox.Work': 'Work' });
  });

  test('a folder that is only called like the prefix keeps its name', () => {
    expect(map([folder('INBOXES.Work', courier)], {}, 'INBOX')).toEqual({ 'INBOXES.Work': 'INBOXES/Work' });
  });

  test('a delimiter of the destination inside a name is replaced visibly', () => {
    expect(map(['v1.2', 'a.b/c.d'], { delimiter: '.' })).toEqual({ 'v1.2': 'v1_2', 'a.b/c.d': 'a_b.c_d' });
    expect(map([folder('in/out', courier)])).toEqual({ 'in/out': 'in_out' });
    expect(map(['a_b'], { delimiter: '_' })).toEqual({ a_b: 'a-b' });
  });

  test('a slash is replaced even where it is no delimiter', () => {
    expect(map([folder('in/out', courier)], { delimiter: '.' })).toEqual({ 'in/out': 'in_out' });
  });

  test('a destination without hierarchy gets one level', () => {
    expect(map(['Work', 'Work/2020'], { delimiter: '' })).toEqual({ Work: 'Work', 'Work/2020': 'Work_2020' });
  });

  test('a source without hierarchy keeps its names whole', () => {
    expect(map([folder('a.b', { delimiter: '' })], { delimiter: '/' })).toEqual({ 'a.b': 'a.b' });
  });
});

describe('names', () => {
  test.each([
    [' Work ', ' Work '],
    ['a\u0000b\r\n', 'a_b__'],
    ['a\u0085b\u2028c', 'a_b_c'],
    ['.', '_'],
    ['..', '__'],
    ['   ', '_'],
    ['a//b', 'a/_/b'],
    ['/a', '_/a'],
    ['a/', 'a'],
    ['日本語 & co 🗑', '日本語 & co 🗑'],
  ])('%j becomes %j', (source, destination) => {
    expect(map([source])).toEqual({ [source]: destination });
  });

  test('characters that a provider forbids are replaced, and reserved names avoided', () => {
    expect(map(['a^b', 'Files', 'x/Files'], { forbidden: '^', reserved: ['Files'] })).toEqual({
      'a^b': 'a_b',
      Files: 'Files (2)',
      'x/Files': 'x/Files',
    });
  });

  test('a lone surrogate, which UTF-8 cannot spell, is replaced where the destination speaks UTF-8', () => {
    expect(map(['\ud800'], { utf8: true })).toEqual({ '\ud800': '\ufffd' });
    expect(map(['\ud800'])).toEqual({ '\ud800': '\ud800' });
  });

  test('a hierarchy of absurd depth ends in one name', () => {
    const path = Array.from({ length: 5000 }, () => 'a').join('/');
    const destination = map([path])[path] ?? '';
    expect(destination.split('/')).toHaveLength(100);
    expect(destination).toMatch(/^(a\/){99}(a_)+a?~[0-9a-f]{8}$/);
  });

  test('blanks at the ends stay, unless the provider does not keep them', () => {
    const source = [' a', 'a', 'a /\u00a0b'];
    expect(Object.values(map(source))).toEqual(expect.arrayContaining(source));
    expect(map(source, { trimmed: true })).toEqual({ ' a': 'a (2)', a: 'a', 'a /\u00a0b': 'a/b' });
  });

  test('where characters of a name are counted, bytes are not', () => {
    const name = '漢'.repeat(240);
    expect(map([name], { partCharacters: 255 })).toEqual({ [name]: name });
    const [short = ''] = Object.values(map([name], { partCharacters: 225 }));
    expect(short).toMatch(/^漢{206}~[0-9a-f]{8}$/);
    const [bytes = ''] = Object.values(map(['x'.repeat(200)], { partBytes: 100 }));
    expect(bytes).toMatch(/^x{81}~[0-9a-f]{8}$/);
  });

  test('a name that is too long keeps its beginning, and stays apart from others that begin alike', () => {
    const long = (end: string) => `${'Zażółć 🗑 '.repeat(40)}${end}`;
    const mapped = Object.values(map([long('a'), long('b'), 'short']));
    expect(mapped.filter((path) => /^Zażółć 🗑 Zażółć .*~[0-9a-f]{8}$/.test(path))).toHaveLength(2);
    expect(mapped).toContain('short');
    expect(new Set(mapped).size).toBe(3);
    for (const path of mapped) expect(bytesOfName(path)).toBeLessThanOrEqual(255);
    expect(map([long('a')])).toEqual({
      [long('a')]: mapped.find((path) => path === map([long('a')])[long('a')]),
    });
  });

  test('a path that leaves no room for another name has its children at the top', () => {
    const name = (level: number) => `${level} ${'x'.repeat(58)}`;
    const source = Array.from({ length: 10 }, (_, level) =>
      Array.from({ length: level + 1 }, (_each, at) => name(at)).join('/'),
    );
    const mapped = Object.values(map(source, { delimiter: '.', prefix: 'INBOX.' }));
    expect(new Set(mapped).size).toBe(10);
    for (const path of mapped) expect(bytesOfName(path)).toBeLessThanOrEqual(255);
    expect(mapped.filter((path) => path.startsWith(`INBOX.${name(0)}`)).length).toBeGreaterThanOrEqual(4);
    expect(Object.values(map(source))).toEqual(source);
  });

  test('a trailing dot is replaced where it is refused', () => {
    expect(map(['etc.', 'a...'], { trailingDots: false })).toEqual({ 'etc.': 'etc_', 'a...': 'a___' });
    expect(map(['etc.'])).toEqual({ 'etc.': 'etc.' });
  });

  test('names that differ in case only are one with what the destination has', () => {
    const existing: DestinationFolder[] = [{ path: 'work' }, { path: 'Notes' }];
    expect(map(['Work', 'WORK', 'notes/x'], { existing, caseInsensitive: true })).toEqual({
      WORK: 'work',
      Work: 'Work (2)',
      'notes/x': 'notes/x',
    });
  });
});

describe('special use', () => {
  const existing: DestinationFolder[] = [
    { path: 'INBOX' },
    { path: 'Sent', specialUse: '\\Sent' },
    { path: 'Trash', specialUse: '\\Trash' },
  ];

  test('folders meet by their use, whatever they are called, and children follow', () => {
    const source = [
      special('[Gmail]/Wysłane', '\\Sent'),
      folder('[Gmail]/Wysłane/2020'),
      special('[Gmail]/Kosz', '\\Trash'),
    ];
    expect(mapFolders(source, { prefix: '' }, rules({ existing }))).toEqual([
      { sourcePath: '[Gmail]/Wysłane', destinationPath: 'Sent', create: false, specialUse: '\\Sent' },
      { sourcePath: '[Gmail]/Kosz', destinationPath: 'Trash', create: false, specialUse: '\\Trash' },
      { sourcePath: '[Gmail]/Wysłane/2020', destinationPath: 'Sent/2020', create: true },
    ]);
  });

  test('without a folder of that use the name is kept and the use is passed on for its creation', () => {
    expect(mapFolders([special('Szkice', '\\Drafts')], { prefix: '' }, rules({ existing }))).toEqual([
      { sourcePath: 'Szkice', destinationPath: 'Szkice', create: true, specialUse: '\\Drafts' },
    ]);
  });

  test('a plain folder called Sent stands back behind the one that is used for sent mail', () => {
    expect(map(['Sent', special('Sent Items', '\\Sent')], { existing })).toEqual({
      'Sent Items': 'Sent',
      Sent: 'Sent (2)',
    });
    expect(map(['Sent'], { existing })).toEqual({ Sent: 'Sent' });
  });

  test('of two folders with the same use the first in order has it, the other keeps its name', () => {
    const mappings = mapFolders(
      [special('Sent Items', '\\Sent'), special('Gesendet', '\\Sent')],
      { prefix: '' },
      rules({ existing }),
    );
    expect(paths(mappings)).toEqual({ Gesendet: 'Sent', 'Sent Items': 'Sent Items' });
    expect(mappings.map((mapping) => mapping.specialUse)).toEqual(['\\Sent', undefined]);
  });

  test('children of a folder that takes none stand beside it', () => {
    const flat: DestinationFolder[] = [
      { path: 'INBOX', noInferiors: true },
      { path: 'Sent', specialUse: '\\Sent', noInferiors: true },
    ];
    expect(map(['INBOX', 'INBOX/Work', special('Sent', '\\Sent'), 'Sent/2020'], { existing: flat })).toEqual({
      INBOX: 'INBOX',
      'INBOX/Work': 'INBOX_Work',
      Sent: 'Sent',
      'Sent/2020': 'Sent_2020',
    });
    expect(map(['INBOX', 'INBOX/Work'], { existing: flat, delimiter: '.', prefix: 'INBOX.' })).toEqual({
      INBOX: 'INBOX',
      'INBOX/Work': 'INBOX.INBOX_Work',
    });
  });
});

describe('special use told by names', () => {
  const german: DestinationFolder[] = [{ path: 'INBOX' }, { path: 'Gesendet' }, { path: 'Papierkorb' }];

  test('folders meet though neither side gives attributes, and children follow', () => {
    expect(map(['Sent Items', 'Sent Items/2020', 'Deleted Items'], { existing: german })).toEqual({
      'Sent Items': 'Gesendet',
      'Sent Items/2020': 'Gesendet/2020',
      'Deleted Items': 'Papierkorb',
    });
    const source = ['INBOX.Elementy wysłane', 'INBOX.Kosz.2020'].map((path) =>
      folder(path, { delimiter: '.' }),
    );
    expect(map(source, { existing: german }, 'INBOX.')).toEqual({
      'INBOX.Elementy wysłane': 'Gesendet',
      'INBOX.Kosz.2020': 'Kosz/2020',
    });
  });

  test('at most one folder has the use: the other keeps its name', () => {
    expect(map(['Sent', 'Sent Items'], { existing: german })).toEqual({
      Sent: 'Gesendet',
      'Sent Items': 'Sent Items',
    });
    expect(
      paths(
        mapFolders(
          [folder('Sent'), folder('Sent Items')],
          { prefix: '', ownNames: { '\\Sent': ['Sent Items'] } },
          rules({ existing: german }),
        ),
      ),
    ).toEqual({ 'Sent Items': 'Gesendet', Sent: 'Sent' });
  });

  test('a folder of that name below another one is the user’s own', () => {
    expect(map(['Work/Sent', 'Work/Trash'], { existing: german })).toEqual({
      'Work/Sent': 'Work/Sent',
      'Work/Trash': 'Work/Trash',
    });
  });

  test('a destination with INBOX. prefix and no attributes is known too', () => {
    const courier: DestinationFolder[] = [{ path: 'INBOX' }, { path: 'INBOX.Sent' }, { path: 'INBOX.Trash' }];
    expect(
      map(['Gesendete Objekte', '[Gmail]/Papierkorb'], {
        existing: courier,
        delimiter: '.',
        prefix: 'INBOX.',
      }),
    ).toEqual({ 'Gesendete Objekte': 'INBOX.Sent', '[Gmail]/Papierkorb': 'INBOX.Trash' });
  });
});

describe('what the destination has', () => {
  test('a folder that exists is used, in its own spelling', () => {
    const existing: DestinationFolder[] = [{ path: 'WORK' }, { path: 'Work/2020' }];
    expect(
      mapFolders(
        [folder('Work'), folder('Work/2020')],
        { prefix: '' },
        rules({ existing, caseInsensitive: true }),
      ),
    ).toEqual([
      { sourcePath: 'Work', destinationPath: 'WORK', create: false },
      { sourcePath: 'Work/2020', destinationPath: 'Work/2020', create: false },
    ]);
  });

  test('a container that cannot hold mail is made a folder', () => {
    expect(
      mapFolders(
        [folder('Work')],
        { prefix: '' },
        rules({ existing: [{ path: 'Work', selectable: false }] }),
      )[0]?.create,
    ).toBe(true);
  });

  test('a missing folder is created', () => {
    expect(mapFolders([folder('Work')], { prefix: '' }, rules())[0]?.create).toBe(true);
  });
});

describe('containers', () => {
  test('they are not copied, but their children keep the path', () => {
    expect(map([folder('Archive', { selectable: false }), 'Archive/2020', 'Not listed/x'])).toEqual({
      'Archive/2020': 'Archive/2020',
      'Not listed/x': 'Not listed/x',
    });
  });

  test('their special use is nobody’s', () => {
    const existing: DestinationFolder[] = [{ path: 'Sent', specialUse: '\\Sent' }];
    expect(map([folder('S', { selectable: false, specialUse: '\\Sent' }), 'S/x'], { existing })).toEqual({
      'S/x': 'S/x',
    });
  });
});

describe('collisions', () => {
  test('names that differ in case only are told apart where the destination does not', () => {
    expect(map(['Work', 'work', 'WORK/x', 'work/x'], { caseInsensitive: true })).toEqual({
      Work: 'Work',
      work: 'work (2)',
      'WORK/x': 'WORK/x',
      'work/x': 'work (2)/x',
    });
    expect(map(['Work', 'work'])).toEqual({ Work: 'Work', work: 'work' });
  });

  test('who need not be renamed keeps the name', () => {
    expect(map(['a.b', 'a_b'], { delimiter: '.' })).toEqual({ 'a.b': 'a_b (2)', a_b: 'a_b' });
  });

  test('a suffix is never the name of another folder', () => {
    expect(map(['A', 'a', 'a (2)'], { caseInsensitive: true })).toEqual({
      A: 'A',
      a: 'a (3)',
      'a (2)': 'a (2)',
    });
  });

  test('children of the inbox and of the prefix meet', () => {
    expect(map(['INBOX', 'INBOX/Work', 'Work'], { delimiter: '.', prefix: 'INBOX.' })).toEqual({
      INBOX: 'INBOX',
      Work: 'INBOX.Work',
      'INBOX/Work': 'INBOX.Work (2)',
    });
  });
});

describe('earlier mappings', () => {
  test('are kept, also for a folder whose parent has since moved, and their children follow', () => {
    const fixed = new Map([
      ['Work', 'Old/Work'],
      ['Gone', 'Sent'],
    ]);
    expect(map(['Work', 'Work/2020', 'Sent'], { fixed })).toEqual({
      Work: 'Old/Work',
      'Work/2020': 'Old/Work/2020',
      Sent: 'Sent (2)',
    });
  });

  test('win over the inbox, special use and the name of a newcomer', () => {
    const existing: DestinationFolder[] = [{ path: 'Sent', specialUse: '\\Sent' }];
    const fixed = new Map([
      ['Sent Items', 'Sent Items'],
      ['INBOX', 'Import'],
      ['work', 'Work'],
    ]);
    expect(map(['INBOX', special('Sent Items', '\\Sent'), 'work', 'Work'], { existing, fixed })).toEqual({
      INBOX: 'Import',
      'Sent Items': 'Sent Items',
      work: 'Work',
      Work: 'Work (2)',
    });
  });
});

test('INBOX comes first, then parents before children', () => {
  const order = mapFolders(
    ['B/c/d', 'B', 'A/x', 'INBOX', 'A', 'B/c'].map((path) => folder(path)),
    { prefix: '' },
    rules(),
  );
  expect(order.map((mapping) => mapping.destinationPath)).toEqual(['INBOX', 'A', 'B', 'A/x', 'B/c', 'B/c/d']);
});
