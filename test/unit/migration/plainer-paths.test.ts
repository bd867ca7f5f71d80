import { plainerPaths } from '../../../shared/migration/plainer-paths.ts';

const namespace = { delimiter: '.', prefix: 'INBOX.' };

test('doubtful characters are replaced, then the folder comes to the top by a name of ASCII letters', () => {
  const [plain, top, ...rest] = plainerPaths('INBOX.Żółć.50%.ok', namespace);
  expect(rest).toEqual([]);
  expect(plain).toMatch(/^INBOX\.Żółć\.50_~[0-9a-f]{8}\.ok$/);
  expect(top).toMatch(/^INBOX\.ok~[0-9a-f]{8}$/);
});

test('a folder below finds the replacement of the one above it in its own path', () => {
  const [above = ''] = plainerPaths('INBOX.50%', namespace);
  expect(plainerPaths('INBOX.50%.ok', namespace)[0]).toBe(`${above}.ok`);
});

test('blanks at the ends of a name are doubtful, those within are not', () => {
  expect(plainerPaths('INBOX. a b.c d', namespace)[0]).toMatch(/^INBOX\.a b~[0-9a-f]{8}\.c d$/);
});

test('names that differ in what is replaced stay apart', () => {
  const places = ['x/a%b', 'x/a*b', 'x/a_b', 'a%b', 'a*b'].flatMap((path) =>
    plainerPaths(path, { delimiter: '/', prefix: '' }),
  );
  expect(new Set(places).size).toBe(places.length);
});

test('of a plain name only its place can be at fault', () => {
  expect(plainerPaths('INBOX.a.b', namespace)).toEqual([expect.stringMatching(/^INBOX\.b~[0-9a-f]{8}$/)]);
});
