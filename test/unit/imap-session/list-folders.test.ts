import type { ImapFlow, ListOptions, ListResponse } from 'imapflow';
import { listFolders } from '../../../shared/imap/session/list-folders.ts';

type Entry = Pick<ListResponse, 'pathAsListed'> &
  Partial<Omit<ListResponse, 'delimiter'>> & { delimiter?: string | null };

/** Only what listFolders looks at of a client. */
function clientWith(
  entries: Entry[],
  namespaces?: { personal: object[]; other: object[] | false; shared: object[] | false },
  onList: () => void = () => undefined,
): { client: ImapFlow; asked: Array<ListOptions | undefined> } {
  const asked: Array<ListOptions | undefined> = [];
  const client = {
    namespaces,
    namespace: namespaces?.personal[0],
    list: async (options?: ListOptions) => {
      asked.push(options);
      onList();
      return entries.map((entry) => ({
        delimiter: '/',
        flags: new Set<string>(),
        ...entry,
      }));
    },
  };
  return { client: client as unknown as ImapFlow, asked }; // a stand-in with the two members that are used
}

/** What was seen of the lines of LIST: how many, and names whose bytes imapflow destroys. */
function lines(listed = 0, ...names: string[]): Parameters<typeof listFolders>[1] {
  return {
    listed,
    takeListedName: (readAsUtf8) =>
      names.find((name) => Buffer.from(name, 'latin1').toString('utf8') === readAsUtf8),
  };
}

describe('a listing', () => {
  test('has names decoded', async () => {
    const { client } = clientWith([{ pathAsListed: 'Skrzynka/Wys&AUI-ane' }]);
    const [folder] = (await listFolders(client, lines(), false)).folders;
    expect(folder?.path).toBe('Skrzynka/Wysłane');
    expect(folder).not.toHaveProperty('listedName');
  });

  test.each([
    ['a lone &', 'R&D', 'R&D', 'R&D'],
    ['a lone & in one part', 'Wys&AUI-ane/R&D', 'Wysłane/R&D', 'Wys&AUI-ane/R&D'],
    ['ASCII in base64', 'x&AGEAYg-', 'x&AGEAYg-', 'x&AGEAYg-'],
    ['raw UTF-8', 'Wysłane', 'Wysłane', 'Wys\xc5\x82ane'],
    ['raw Latin-1', 'Gel\uFFFDscht', 'Gelöscht', 'Gel\xf6scht'],
    ['a delimiter in front', '/lists', 'lists', '/lists'],
  ])('keeps the bytes of a name with %s beside a name for people', async (_, asRead, path, listedName) => {
    const { client } = clientWith([{ pathAsListed: asRead }]);
    expect((await listFolders(client, lines(1, 'Gel\xf6scht'), false)).folders).toEqual([
      expect.objectContaining({ path, listedName }),
    ]);
  });

  test('keeps apart what reads alike', async () => {
    const { client } = clientWith([{ pathAsListed: 'R&D' }, { pathAsListed: 'R&-D' }]);
    const { folders } = await listFolders(client, lines(), false);
    expect(folders.map(({ path, listedName }) => [path, listedName])).toEqual([
      ['R&D', undefined],
      ['R&D (2)', 'R&D'],
    ]);
  });

  test('calls the inbox INBOX however it is written', async () => {
    const { client } = clientWith([{ pathAsListed: 'Inbox' }, { pathAsListed: 'INBOX' }]);
    expect((await listFolders(client, lines(), false)).folders.map(({ path }) => path)).toEqual(['INBOX']);
  });

  test("does not glue the user's prefix to other people's folders", async () => {
    const { client } = clientWith(
      [
        { pathAsListed: 'INBOX', delimiter: '.' },
        { pathAsListed: 'INBOX.Sent', delimiter: '.' },
        { pathAsListed: 'shared.team', delimiter: '.' },
        { pathAsListed: 'user.bob', delimiter: '.' },
      ],
      {
        personal: [{ prefix: 'INBOX.', delimiter: '.' }],
        other: [{ prefix: 'user.', delimiter: '.' }],
        shared: [{ prefix: 'shared.', delimiter: '.' }],
      },
    );
    const { folders } = await listFolders(client, lines(), false);
    expect(folders.map(({ path, namespace }) => [path, namespace])).toEqual([
      ['INBOX', 'personal'],
      ['INBOX.Sent', 'personal'],
      ['shared.team', 'shared'],
      ['user.bob', 'other-users'],
    ]);
  });

  test('tells containers from folders', async () => {
    const { client } = clientWith([
      { pathAsListed: '[Gmail]', flags: new Set(['\\NoSelect', '\\HasChildren']) },
      { pathAsListed: 'ghost', flags: new Set(['\\NonExistent']) },
      { pathAsListed: 'leaf', flags: new Set(['\\Noinferiors']) },
    ]);
    expect(
      (await listFolders(client, lines(), false)).folders.map(({ selectable, noInferiors }) => [
        selectable,
        noInferiors,
      ]),
    ).toEqual([
      [false, false],
      [false, false],
      [true, true],
    ]);
  });

  test('takes a special use from the attributes alone: what a name says is judged later', async () => {
    const { client } = clientWith([
      { pathAsListed: 'Gesendet', specialUse: '\\Sent' },
      { pathAsListed: 'Post', flags: new Set(['\\HasNoChildren', '\\sent']), specialUse: '\\Sent' },
      { pathAsListed: '[Gmail]/Spam', flags: new Set(['\\Spam']), specialUse: '\\Junk' },
      { pathAsListed: 'Posteingang', specialUse: '\\Inbox' },
    ]);
    expect((await listFolders(client, lines(), false)).folders.map(({ specialUse }) => specialUse)).toEqual([
      undefined,
      '\\Sent',
      '\\Junk',
      '\\Inbox',
    ]);
  });

  test('asks for counters only where they come in the same command', async () => {
    const { client, asked } = clientWith([]);
    await listFolders(client, lines(), false);
    await listFolders(client, lines(), true);
    expect(asked.map((options) => options?.statusQuery !== undefined)).toEqual([false, true]);
  });

  test('has counters only where all of them came, and no modification sequence where it is 0', async () => {
    const status = { path: 'x', messages: 3, uidNext: 9, uidValidity: 77n };
    const { client } = clientWith([
      { pathAsListed: 'full', status: { ...status, highestModseq: 12n } },
      { pathAsListed: 'nomodseq', status: { ...status, highestModseq: 0n } },
      { pathAsListed: 'part', status: { path: 'x', messages: 3 } },
      { pathAsListed: 'none' },
    ]);
    expect((await listFolders(client, lines(), true)).folders.map(({ status }) => status)).toEqual([
      { messages: 3, uidNext: 9, uidValidity: 77, highestModseq: 12n },
      { messages: 3, uidNext: 9, uidValidity: 77 },
      undefined,
      undefined,
    ]);
  });

  test('has no delimiter where the server has no hierarchy', async () => {
    const { client } = clientWith([{ pathAsListed: 'flat', delimiter: null }]);
    const { folders, namespace } = await listFolders(client, lines(), false);
    expect(folders).toEqual([expect.objectContaining({ delimiter: '' })]);
    expect(namespace).toEqual({ prefix: '', delimiter: '' });
  });

  test.each([
    ['told', [{ prefix: 'INBOX.', delimiter: '.' }], { prefix: 'INBOX.', delimiter: '.' }],
    ['without a hierarchy', [{ prefix: '', delimiter: null }], { prefix: '', delimiter: '' }],
    ['not told: the delimiter of the folders', undefined, { prefix: '', delimiter: '/' }],
  ])('has the place of the own folders, %s', async (_, personal, namespace) => {
    const { client } = clientWith(
      [{ pathAsListed: 'flat', delimiter: null }, { pathAsListed: 'a/b' }],
      personal && { personal, other: false, shared: false },
    );
    expect(await listFolders(client, lines(), false)).toMatchObject({ namespace });
  });

  test('that imapflow could not read in full is refused, for a folder would be lost without a word', async () => {
    const seen = { ...lines(), listed: 5 };
    const { client } = clientWith([{ pathAsListed: 'INBOX' }], undefined, () => {
      seen.listed += 2;
    });
    await expect(listFolders(client, seen, false)).rejects.toMatchObject({ name: 'ProtocolError' });
  });
});
