import type { SignInRecord } from '../../../shared/state/sign-in-record.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';
import { appendMessage, fillMailbox } from '../../support/fill-mailbox.ts';
import { ImapTestClient, mailboxArgument } from '../../support/imap-test-client.ts';

const PASSWORD = 'chief-secret';
const service = { kind: 'password', password: PASSWORD } as const;
const masterUser = { user: 'chief', password: PASSWORD };

const forms = {
  'a login name of both': {
    kind: 'administrator',
    user: 'chief',
    form: 'master-user',
    template: '{user}*{admin}',
    secret: true,
  },
  'a login name, as it was stored before there were forms': {
    kind: 'administrator',
    user: 'chief',
    form: 'master-user',
    secret: true,
  },
  'an authorisation identity': {
    kind: 'administrator',
    user: 'chief',
    form: 'plain-authzid',
    secret: true,
  },
} as const satisfies Record<string, SignInRecord>;

describe('an administrator opens the mailboxes', () => {
  let bench: SyncBench;
  beforeAll(async () => {
    bench = await startSyncBench({ source: { masterUser }, destination: { masterUser } });
  });
  afterAll(() => bench.stop());

  test.each(Object.entries(forms))('of both sides by %s', async (_name, signIn) => {
    const mailbox = await bench.mailbox({
      sourceSignIn: { signIn, service },
      destinationSignIn: { signIn, service },
    });
    await fillMailbox(mailbox.access.source, mailCorpus({ messages: 40 }));
    expect(await mailbox.start()).toMatchObject({ status: 'synced' });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('and a wrong password is shown at the side where it is wrong', async () => {
    const signIn = forms['a login name of both'];
    const mailbox = await bench.mailbox({
      destinationSignIn: { signIn, service: { kind: 'password', password: 'not it' } },
    });
    expect(await mailbox.start()).toMatchObject({
      status: 'needs-attention',
      reason: { code: 'authentication-failed', side: 'destination' },
    });
  });

  test('and a name that cannot be made is shown before anything is sent', async () => {
    const signIn: SignInRecord = { ...forms['a login name of both'], template: '{domain}/{admin}/{local}' };
    const mailbox = await bench.mailbox({ sourceSignIn: { signIn, service } });
    expect(await mailbox.start()).toMatchObject({
      status: 'needs-attention',
      reason: { code: 'sign-in-name-invalid', side: 'source' },
    });
  });

  test('and without its password the mailbox waits for it', async () => {
    const mailbox = await bench.mailbox({ sourceSignIn: { signIn: forms['an authorisation identity'] } });
    expect(await mailbox.start()).toMatchObject({ status: 'waiting-for-user' });
  });
});

describe.each([
  ['the own mailboxes have no prefix', '', 'Users'],
  ['the own mailboxes have one', 'INBOX/', '#users'],
])('a root for each user in one tree, where %s', (_name, prefix, tree) => {
  let bench: SyncBench;
  beforeAll(async () => {
    bench = await startSyncBench({
      source: {
        settings: {
          'namespace inbox/prefix': prefix,
          'namespace inbox/separator': '/',
          'namespace users/type': 'public',
          'namespace users/prefix': `${tree}/`,
          'namespace users/separator': '/',
          'namespace users/location': 'sdbox:~/all',
          'namespace users/list': 'yes',
          'namespace users/subscriptions': 'no',
        },
      },
    });
  });
  afterAll(() => bench.stop());

  const mail = (subject: string) => ({
    flags: [],
    internalDate: '15-May-2024 12:00:00 +0200',
    bytes: () => Buffer.from(`Subject: ${subject}\r\n\r\nx\r\n`),
  });

  test.each(['', '/'])('is the inbox, and what lies below are the folders (ends with %j)', async (end) => {
    const mailbox = await bench.mailbox({ userRoot: `${tree}/ann${end}` });
    await withResource(ImapTestClient.connect(mailbox.access.source), async (client) => {
      for (const path of ['ann', 'ann/Letters', 'ann/Letters/2026', 'anna', 'ben']) {
        await client.execute([`CREATE ${mailboxArgument(`${tree}/${path}`)}`]);
        await appendMessage(client, `${tree}/${path}`, mail(path));
      }
      await appendMessage(client, 'INBOX', mail('the own inbox of the account'));
    });
    expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 3, folders: 3 } });
    const filled = [...(await mailbox.readDestination())]
      .filter(([, { messages }]) => messages.length > 0)
      .map(([path]) => path);
    expect(filled.toSorted()).toEqual(['INBOX', 'Letters', 'Letters/2026']);
  });

  test('that is not there is no empty mailbox', async () => {
    const mailbox = await bench.mailbox({ userRoot: `${tree}/nobody` });
    expect(await mailbox.start()).toMatchObject({
      status: 'needs-attention',
      reason: { code: 'user-root-missing', side: 'source', detail: expect.stringContaining('nobody') },
    });
  });
});
