import fc from 'fast-check';
import {
  type DestinationRules,
  mapFolders,
  type SourceFolder,
} from '../../../shared/migration/folder-mapping.ts';
import { parseFolderMap } from '../../../shared/migration/selection/folder-map.ts';
import { parseFolderSelection } from '../../../shared/migration/selection/folder-selection.ts';
import { bytesOfName } from '../../../shared/migration/shorten-name.ts';
import { SPECIAL_USES } from '../../../shared/migration/special-use.ts';

const name = fc.oneof(
  fc.constantFrom(
    'INBOX',
    'inbox',
    'Work',
    'work',
    'Work (2)',
    'a.b',
    'a_b',
    ' a',
    '.',
    '',
    'Sent',
    'Gesendet',
    'Trash',
    'Zażółć',
    'long '.repeat(60),
    '長い'.repeat(60),
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const specialUse = fc.option(fc.constantFrom(...SPECIAL_USES), { nil: undefined, freq: 5 });

function folders(delimiter: string): fc.Arbitrary<SourceFolder[]> {
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join(delimiter));
  const one = fc.record({
    path: path.filter((text) => text !== ''),
    delimiter: fc.constant(delimiter),
    specialUse,
    selectable: fc.oneof(fc.constant(true), fc.boolean()),
  });
  return fc.uniqueArray(one, { selector: (folder) => folder.path, maxLength: 30 });
}

function destinations(delimiter: string, prefix: string): fc.Arbitrary<DestinationRules> {
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => prefix + names.join(delimiter));
  const existing = fc.record({
    path,
    specialUse,
    selectable: fc.option(fc.boolean(), { nil: undefined }),
    noInferiors: fc.option(fc.boolean(), { nil: undefined }),
  });
  return fc.record({
    delimiter: fc.constant(delimiter),
    prefix: fc.constant(prefix),
    existing: fc.array(existing, { maxLength: 8 }),
    caseInsensitive: fc.boolean(),
    utf8: fc.boolean(),
    trailingDots: fc.boolean(),
    trimmed: fc.boolean(),
    partCharacters: fc.constantFrom(undefined, 60),
    reserved: fc.constantFrom([], ['Work', 'Trash']),
    pathBytes: fc.constantFrom(undefined, 80, 300),
  });
}

const cases = fc.record({
  source: fc.constantFrom('/', '.', '').chain(folders),
  prefix: fc.constantFrom('', 'INBOX.', 'INBOX/', 'Work'),
  rules: fc
    .tuple(fc.constantFrom('/', '.', '\\', '_', ''), fc.constantFrom('', 'INBOX'))
    .chain(([delimiter, root]) =>
      destinations(delimiter, delimiter === '' || root === '' ? '' : root + delimiter),
    ),
});

function keyOf(path: string, { caseInsensitive }: DestinationRules): string {
  return caseInsensitive ? path.toLowerCase() : path;
}

test('every folder that holds mail gets a destination of its own', () => {
  fc.assert(
    fc.property(cases, ({ source, prefix, rules }) => {
      const mappings = mapFolders(source, { prefix }, rules);
      const withMail = source.filter((folder) => folder.selectable).map((folder) => folder.path);
      expect(mappings.map((mapping) => mapping.sourcePath).toSorted()).toEqual(withMail.toSorted());
      expect(new Set(mappings.map((mapping) => keyOf(mapping.destinationPath, rules))).size).toBe(
        mappings.length,
      );
    }),
    { numRuns: 500 },
  );
});

test('the order in which the servers list does not matter', () => {
  fc.assert(
    fc.property(cases, ({ source, prefix, rules }) => {
      const existing = [...new Map(rules.existing.map((folder) => [folder.path, folder])).values()];
      const mappings = mapFolders(source, { prefix }, { ...rules, existing });
      expect(
        mapFolders(source.toReversed(), { prefix }, { ...rules, existing: existing.toReversed() }),
      ).toEqual(mappings);
    }),
    { numRuns: 300 },
  );
});

test('a name never adds a level, has a control character or is empty at a destination that is new', () => {
  fc.assert(
    fc.property(cases, ({ source, prefix, rules }) => {
      const { delimiter } = rules;
      for (const mapping of mapFolders(source, { prefix }, { ...rules, existing: [] })) {
        const folder = source.find((item) => item.path === mapping.sourcePath);
        const levels = folder?.delimiter === '' ? 1 : (folder?.path.split(folder.delimiter).length ?? 0);
        const names = delimiter === '' ? [mapping.destinationPath] : mapping.destinationPath.split(delimiter);
        const added = rules.prefix === '' ? 0 : 1;
        expect(names.length).toBeLessThanOrEqual(levels + added);
        expect(names.every((part) => part.trim() !== '' && !/\p{Cc}/u.test(part))).toBe(true);
        expect(names.filter((part) => part.includes('/'))).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

test('no path is longer than the destination bears, and no name has ends that it refuses', () => {
  fc.assert(
    fc.property(cases, ({ source, prefix, rules }) => {
      const {
        delimiter,
        trailingDots,
        trimmed,
        partCharacters,
        pathBytes = delimiter === '.' ? 255 : 1_000,
      } = rules;
      for (const { destinationPath } of mapFolders(source, { prefix }, { ...rules, existing: [] })) {
        expect(bytesOfName(destinationPath)).toBeLessThanOrEqual(pathBytes);
        const names = delimiter === '' ? [destinationPath] : destinationPath.split(delimiter);
        const lengthOf = partCharacters === undefined ? bytesOfName : (name: string) => name.length;
        for (const name of names) expect(lengthOf(name)).toBeLessThanOrEqual(partCharacters ?? 255);
        expect(names.filter((name) => trimmed === true && name.trim() !== name)).toEqual([]);
        expect(names.filter((name) => trailingDots === false && name.endsWith('.'))).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});

test('what the admin selects changes no place', () => {
  const patterns = fc.array(fc.constantFrom('Work', 'Work/*', '%', '#Inbox#/*', '#SentItems#', '*a*'), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(
      cases,
      patterns,
      patterns,
      fc.boolean(),
      ({ source, prefix, rules }, include, exclude, junk) => {
        const selection = parseFolderSelection({ include, exclude, junk });
        const selected = mapFolders(source, { prefix, selection }, rules);
        expect(selected.map(({ leftOut: _leftOut, ...rest }) => rest)).toEqual(
          mapFolders(source, { prefix }, rules),
        );
      },
    ),
  );
});

test("the admin's own mapping leaves every folder a destination of its own, in any order of the listing", () => {
  const wishes = parseFolderMap([
    { source: 'Work/*', destination: 'Old/*' },
    { source: '%', destination: '%' },
    { source: '#SentItems#', destination: '#SentItems#/Before' },
    { source: '*a*', destination: 'a/*/*' },
  ]);
  fc.assert(
    fc.property(cases, ({ source, prefix, rules }) => {
      const existing = [...new Map(rules.existing.map((folder) => [folder.path, folder])).values()];
      const mappings = mapFolders(source, { prefix, wishes }, { ...rules, existing });
      expect(new Set(mappings.map((mapping) => keyOf(mapping.destinationPath, rules))).size).toBe(
        source.filter((folder) => folder.selectable).length,
      );
      expect(mapFolders(source.toReversed(), { prefix, wishes }, { ...rules, existing })).toEqual(mappings);
    }),
    { numRuns: 300 },
  );
});

test('parents come before their children', () => {
  fc.assert(
    fc.property(cases, ({ source, prefix, rules }) => {
      const order = mapFolders(source, { prefix }, rules).map((mapping) => mapping.destinationPath);
      for (const [index, path] of order.entries()) {
        if (rules.delimiter === '' || path === 'INBOX') continue;
        expect(order.slice(0, index).filter((earlier) => earlier.startsWith(path + rules.delimiter))).toEqual(
          [],
        );
      }
    }),
  );
});

test('mappings once made stay when other folders come, at either side', () => {
  fc.assert(
    fc.property(cases, cases, ({ source, prefix, rules }, later) => {
      const before = mapFolders(source, { prefix }, rules);
      const fixed = new Map(before.map((mapping) => [mapping.sourcePath, mapping.destinationPath]));
      const known = new Set(source.map((folder) => folder.path));
      const all = [...source, ...later.source.filter((folder) => !known.has(folder.path))];
      const existing = [...rules.existing, ...before.map((mapping) => ({ path: mapping.destinationPath }))];
      const after = mapFolders(all, { prefix }, { ...rules, existing, fixed });
      const found = new Map(after.map((mapping) => [mapping.sourcePath, mapping]));
      for (const mapping of before) {
        expect(found.get(mapping.sourcePath)?.destinationPath).toBe(mapping.destinationPath);
      }
      expect(new Set(after.map((mapping) => keyOf(mapping.destinationPath, rules))).size).toBe(after.length);
    }),
    { numRuns: 300 },
  );
});

test('thousands of folders that all want one name are told apart', () => {
  const source = Array.from({ length: 5000 }, (_, index) => ({
    path: `x${' '.repeat(index)}`,
    delimiter: '/',
    selectable: true,
  }));
  const rules: DestinationRules = {
    delimiter: '/',
    prefix: '',
    existing: [],
    caseInsensitive: true,
    utf8: true,
  };
  expect(
    new Set(mapFolders(source, { prefix: '' }, rules).map((mapping) => mapping.destinationPath)).size,
  ).toBe(5000);
});
