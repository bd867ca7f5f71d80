import { exchangeOnline } from '../../../shared/imap/providers/profiles/exchange-online.ts';
import { gmail } from '../../../shared/imap/providers/profiles/gmail.ts';
import { other } from '../../../shared/imap/providers/profiles/other.ts';
import type { ProviderProfile } from '../../../shared/imap/providers/provider-profile.ts';
import type { ListedFolder } from '../../../shared/imap/session/list-folders.ts';
import { describeFolders } from '../../../shared/sync/describe-folders.ts';

type Extra = Partial<ListedFolder>;

function listing(
  folders: ReadonlyArray<string | [string, Extra]>,
  {
    profile = other,
    prefix = '',
    delimiter = '/',
  }: { profile?: ProviderProfile; prefix?: string; delimiter?: string } = {},
) {
  return {
    profile,
    namespace: { prefix, delimiter },
    folders: folders.map((folder): ListedFolder => {
      const [path, extra] = typeof folder === 'string' ? [folder, {}] : folder;
      return { path, delimiter, selectable: true, noInferiors: false, namespace: 'personal', ...extra };
    }),
  };
}

function described(input: {
  source: ReturnType<typeof listing>;
  destination?: ReturnType<typeof listing>;
  userRoot?: string;
}) {
  const { folders, leftOut } = describeFolders({
    mailbox: input.userRoot === undefined ? {} : { userRoot: input.userRoot },
    selection: {},
    source: input.source,
    destination: { ...(input.destination ?? listing(['INBOX'])), utf8: false },
    known: [],
  });
  return {
    places: Object.fromEntries(
      folders.map(({ sourcePath, destinationPath }) => [sourcePath, destinationPath]),
    ),
    leftOut: Object.fromEntries(leftOut.map(({ sourcePath, because }) => [sourcePath, because])),
  };
}

test('a user root is the top of the mailbox, and the inbox itself', () => {
  const source = listing(
    ['users.anna', 'users.anna.Work', 'users.anna.Gesendet', 'users.bob.Work', 'INBOX'],
    {
      delimiter: '.',
      prefix: 'INBOX.',
    },
  );
  const destination = listing(['INBOX', 'Sent']);
  const { places, leftOut } = described({ source, destination, userRoot: 'users.anna' });
  expect(places).toEqual({ 'users.anna': 'INBOX', 'users.anna.Work': 'Work', 'users.anna.Gesendet': 'Sent' });
  expect(leftOut).toEqual({ 'users.bob.Work': 'not-own', INBOX: 'not-own' });
});

test('what others share and what holds no mail is left out, and said', () => {
  const source = listing(
    [
      'INBOX',
      ['box', { selectable: false }],
      ['shared/x', { namespace: 'shared' }],
      'Calendar',
      'Calendar/Work',
    ],
    { profile: exchangeOnline },
  );
  expect(described({ source })).toEqual({
    places: { INBOX: 'INBOX' },
    leftOut: {
      box: 'container',
      'shared/x': 'not-own',
      Calendar: 'without-mail',
      'Calendar/Work': 'without-mail',
    },
  });
});

test('a shared folder of the destination is no place for sent mail', () => {
  const destination = listing(['INBOX', ['team/Out', { namespace: 'shared', specialUse: '\\Sent' }]]);
  expect(described({ source: listing(['Sent']), destination }).places).toEqual({ Sent: 'Sent' });
});

test('the rules of the destination’s provider hold', () => {
  const source = listing(['Work', 'work', 'Files', 'a^b', 'etc.']);
  expect(described({ source, destination: listing(['INBOX'], { profile: exchangeOnline }) }).places).toEqual({
    Work: 'Work',
    work: 'work (2)',
    Files: 'Files (2)',
    'a^b': 'a^b',
    'etc.': 'etc_',
  });
  expect(described({ source, destination: listing(['INBOX'], { profile: gmail }) }).places).toMatchObject({
    'a^b': 'a_b',
    'etc.': 'etc.',
  });
});
