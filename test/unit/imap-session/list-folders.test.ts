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
    list: async (options?: ListOptions) => {
      asked.push(options);
      onList();
      return entries.map((entry) => ({
        delimiter: '/',
        flags: new Set<string>(),
        subscribed: true,
        ...entry,
      }));
    },
  };
  return { client: client as unknown as ImapFlow, asked }; // a stand-in with the two members that are used
}

describe('a listing', () => {
  test('has names decoded, and both spellings', async () => {
    const { client } = clientWith([{ pathAsListed: 'Skrzynka/Wys&AUI-ane' }]);
    expect(await listFolders(client, { listed: 0 }, false)).toEqual([
      expect.objectContaining({ path: 'Skrzynka/Wysłane', pathAsListed: 'Skrzynka/Wys&AUI-ane' }),
    ]);
  });

  test('keeps a name that cannot be encoded back, so that it can still be addressed', async () => {
    const { client } = clientWith([{ pathAsListed: 'R&D' }]);
    expect(await listFolders(client, { listed: 0 }, false)).toEqual([
      expect.objectContaining({ path: 'R&D' }),
    ]);
  });

  test('calls the inbox INBOX however it is written', async () => {
    const { client } = clientWith([{ pathAsListed: 'Inbox' }, { pathAsListed: 'INBOX' }]);
    expect((await listFolders(client, { listed: 0 }, false)).map(({ path }) => path)).toEqual(['INBOX']);
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
    const folders = await listFolders(client, { listed: 0 }, false);
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
      (await listFolders(client, { listed: 0 }, false)).map(({ selectable, noInferiors }) => [
        selectable,
        noInferiors,
      ]),
    ).toEqual([
      [false, false],
      [false, false],
      [true, true],
    ]);
  });

  test('asks for counters only where they come in the same command', async () => {
    const { client, asked } = clientWith([]);
    await listFolders(client, { listed: 0 }, false);
    await listFolders(client, { listed: 0 }, true);
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
    expect((await listFolders(client, { listed: 0 }, true)).map(({ status }) => status)).toEqual([
      { messages: 3, uidNext: 9, uidValidity: 77, highestModseq: 12n },
      { messages: 3, uidNext: 9, uidValidity: 77 },
      undefined,
      undefined,
    ]);
  });

  test('has no delimiter where the server has no hierarchy', async () => {
    const { client } = clientWith([{ pathAsListed: 'flat', delimiter: null }]);
    expect(await listFolders(client, { listed: 0 }, false)).toEqual([
      expect.objectContaining({ delimiter: '' }),
    ]);
  });

  test('that imapflow could not read in full is refused, for a folder would be lost without a word', async () => {
    const lines = { listed: 5 };
    const { client } = clientWith([{ pathAsListed: 'INBOX' }], undefined, () => {
      lines.listed += 2;
    });
    await expect(listFolders(client, lines, false)).rejects.toMatchObject({ name: 'ProtocolError' });
  });
});
