import { replaceCredential } from '../../../shared/lifecycle/replace-credential.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { type OAuthServer, startOAuthServer } from '../../support/oauth-server.ts';
import { startRefusingProxy } from '../../support/refusing-proxy.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { byApplication, byConsent, byServiceAccount } from '../../support/token-sign-ins.ts';
import { withResource } from '../../support/with-resource.ts';

const HOUR = 3_600_000;
let users = 0;

/** A user of this file's own, known to both servers by any token in its name. */
const newUser = (): string => {
  users += 1;
  return `person${users}@example.org`;
};

describe('a mailbox that is opened by the tokens of its user', () => {
  let oauth: OAuthServer;
  let bench: SyncBench;
  beforeAll(async () => {
    oauth = await startOAuthServer();
    const tokens = { introspectionUrl: oauth.introspectionUrl, userAttribute: 'sub' };
    bench = await startSyncBench({
      source: { oauth: tokens },
      // the older mechanism alone
      destination: { oauth: tokens, settings: { auth_mechanisms: 'plain login xoauth2' } },
    });
  });
  beforeEach(() => {
    oauth.outage = undefined;
    oauth.rotates = false;
    oauth.lifetimeSeconds = 3600;
  });
  afterAll(async () => {
    await bench?.stop();
    await oauth?.[Symbol.asyncDispose]();
  });

  const requestsSince = (count: number) => oauth.requests.slice(count);
  /** Known to both by a password too, by which tests look at them. */
  async function twoSided(): Promise<{ sourceUser: string; destinationUser: string }> {
    const [sourceUser, destinationUser] = [newUser(), newUser()];
    await bench.source.addUser(sourceUser, 'secret');
    await bench.destination.addUser(destinationUser, 'secret');
    return { sourceUser, destinationUser };
  }
  async function consented(
    options: { sourcePort?: number; lanes?: number; messages?: number; both?: boolean } = {},
  ): Promise<MailboxBench> {
    // Time that is put forward spoils statements that are signed with a time.
    const { messages = 40, both = false, ...rest } = options;
    const names = await twoSided();
    const mailbox = await bench.mailbox({
      ...names,
      ...rest,
      sourceSignIn: byConsent(oauth, await oauth.consent(names.sourceUser)),
      destinationSignIn: both
        ? byConsent(oauth, await oauth.consent(names.destinationUser))
        : byServiceAccount(oauth),
    });
    if (messages > 0) await fillMailbox(mailbox.access.source, mailCorpus({ messages }));
    return mailbox;
  }
  async function storedToken({ services, key }: MailboxBench): Promise<string | undefined> {
    const record = await services.state.mailboxes.get(key.tenant, key.mailboxId);
    const stored = await services.vault.getMailbox(key.tenant, record?.credentialShard ?? '', key.mailboxId);
    return stored?.source?.kind === 'refresh-token' ? stored.source.refreshToken : undefined;
  }

  test('is moved: by consent at the source, by a service account at the destination', async () => {
    const before = oauth.requests.length;
    const mailbox = await consented();
    expect(await mailbox.start()).toMatchObject({ status: 'synced' });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
    expect(new Set(requestsSince(before).map(({ grant }) => grant))).toEqual(
      new Set(['refresh_token', 'service-account']),
    );
    expect(requestsSince(before).every(({ status }) => status === 200)).toBe(true);
  });

  describe.each([
    ['revoked', (mailbox: MailboxBench) => (oauth.revokeAccessTokens(), mailbox)],
    ['out of date', (mailbox: MailboxBench) => (mailbox.clock.forward(HOUR), mailbox)],
  ])('whose token is %s in mid-pass', (_how, spoil) => {
    test('goes on with a fresh one when it must sign in again', async () => {
      await withResource(startRefusingProxy({ port: bench.source.port }), async (proxy) => {
        const mailbox = await consented({ sourcePort: proxy.port, lanes: 1, messages: 300, both: true });
        const before = oauth.requests.length;
        let atWork = 0;
        let spoiled = 0;
        proxy.judge = (line) => {
          if (!/^UID FETCH .*BODY\.PEEK\[\]/.test(line)) return undefined;
          atWork += 1;
          if (atWork !== 3) return undefined;
          spoiled = requestsSince(before).length;
          spoil(mailbox);
          proxy.cut();
          return undefined;
        };
        expect(await mailbox.start()).toMatchObject({ status: 'synced', failures: 0 });
        expect(spoiled).toBeGreaterThan(0);
        expect(
          requestsSince(before)
            .slice(spoiled)
            .map(({ grant }) => grant),
        ).toContain('refresh_token');
        await mailbox.expectEqual();
        await mailbox.expectBooks();
      });
    });
  });

  test('whose consent is withdrawn needs attention, and goes on with a new one', async () => {
    const mailbox = await consented();
    expect(await mailbox.start()).toMatchObject({ status: 'synced' });
    await fillMailbox(mailbox.access.source, mailCorpus({ messages: 5, seed: 2 }));
    oauth.withdraw(mailbox.access.source.user);
    const stands = await mailbox.pass();
    expect(stands).toMatchObject({
      status: 'needs-attention',
      reason: { code: 'consent-missing', side: 'source' },
    });
    expect(stands.dueAt).toBeUndefined();
    const refreshToken = await oauth.consent(mailbox.access.source.user);
    await replaceCredential(mailbox.services, mailbox.key, (wanted) => {
      expect(wanted).toEqual({ source: 'refresh-token', destination: undefined });
      return { source: { kind: 'refresh-token', refreshToken } };
    });
    await mailbox.deliver();
    expect(await mailbox.record()).toMatchObject({ status: 'synced' });
    await mailbox.expectEqual();
  });

  test('keeps the refresh token that each use of the old one brings', async () => {
    oauth.rotates = true;
    const mailbox = await consented({ lanes: 1 });
    const first = await storedToken(mailbox);
    expect(await mailbox.start()).toMatchObject({ status: 'synced' });
    const second = await storedToken(mailbox);
    expect(second).not.toBe(first);
    expect(await oauth.isGood(second ?? '')).toBe(true);
    expect(await mailbox.pass()).toMatchObject({ status: 'synced', failures: 0 });
    expect(await storedToken(mailbox)).not.toBe(second);
  });

  test('does not put a refresh token in the place of one that was given meanwhile', async () => {
    const mailbox = await consented({ messages: 0 });
    const { vault } = mailbox.services;
    const { tenant, mailboxId, credentialShard } = await mailbox.record();
    const present = (await storedToken(mailbox)) ?? '';
    const rotate = (from: string, to: string) =>
      vault.rotateRefreshToken(tenant, credentialShard, mailboxId, { side: 'source', from, to });
    expect(await rotate('another', 'late')).toBe(false);
    expect(await storedToken(mailbox)).toBe(present);
    expect(await rotate(present, 'next')).toBe(true);
    expect(await storedToken(mailbox)).toBe('next');
    expect(
      await vault.rotateRefreshToken(tenant, 'no such shard', mailboxId, {
        side: 'source',
        from: 'a',
        to: 'b',
      }),
    ).toBe(false);
  });

  test('takes the refresh token that another worker has stored meanwhile', async () => {
    const mailbox = await consented({ messages: 3 });
    const { services, access } = mailbox;
    const { tenant, mailboxId, credentialShard } = await mailbox.record();
    const present = (await storedToken(mailbox)) ?? '';
    const others = await oauth.consent(access.source.user);
    const { vault } = services;
    let reads = 0;
    const late: MailboxBench['services'] = {
      ...services,
      vault: {
        ...vault,
        getMailbox: async (...named) => {
          reads += 1;
          const stored = await vault.getMailbox(...named);
          if (reads > 1) return stored;
          // read before the others wrote, used after: it is worth nothing any more
          await vault.rotateRefreshToken(tenant, credentialShard, mailboxId, {
            side: 'source',
            from: present,
            to: others,
          });
          return { ...stored, source: { kind: 'refresh-token', refreshToken: 'used up' } };
        },
      },
    };
    await mailbox.plan('start', undefined, late);
    expect(reads).toBe(2);
    await mailbox.deliver();
    expect((await mailbox.record()).reason).toBeUndefined();
  });

  test.each([
    ['fails', { status: 503, body: '{"error":"temporarily_unavailable"}' }],
    [
      'answers a page',
      { status: 200, body: '<html>Sign in to the network</html>', contentType: 'text/html' },
    ],
    ['answers something else', { status: 200, body: '["no token"]' }],
    ['answers without end', { status: 200, body: `{"access_token":"${'x'.repeat(100_000)}"}` }],
  ])('is tried again by itself where the sign-in service %s', async (_how, outage) => {
    const mailbox = await consented({ messages: 3, both: true });
    oauth.outage = outage;
    await mailbox.start();
    const waiting = await mailbox.record();
    expect(waiting).toMatchObject({ failures: 1, status: 'starting' });
    expect(waiting.reason).toBeUndefined();
    oauth.outage = undefined;
    expect(await mailbox.tick()).toMatchObject({ status: 'synced', failures: 0 });
  });

  test('shows that the service does not take the application, and no secret of it', async () => {
    const names = await twoSided();
    const right = byConsent(oauth, await oauth.consent(names.sourceUser));
    const mailbox = await bench.mailbox({
      ...names,
      sourceSignIn: { ...right, service: { kind: 'client-secret', clientSecret: 'wrong-secret-0815' } },
      destinationSignIn: byServiceAccount(oauth),
    });
    const stands = await mailbox.start();
    expect(stands).toMatchObject({
      status: 'needs-attention',
      reason: {
        code: 'oauth-client-refused',
        side: 'source',
        detail: expect.stringContaining('invalid_client'),
      },
    });
    const { items } = await mailbox.services.state.events.list(mailbox.key, { limit: 100 });
    expect(JSON.stringify([stands, items])).not.toMatch(/wrong-secret|ya29/);
  });

  test('shows that clocks differ, where a statement is signed with a time', async () => {
    const mailbox = await consented({ messages: 0 });
    mailbox.clock.forward(2 * HOUR);
    expect(await mailbox.start()).toMatchObject({
      status: 'needs-attention',
      reason: { code: 'clock-skew', side: 'destination' },
    });
  });

  test('shows what the mail server says of a token that is not for this mailbox', async () => {
    const names = await twoSided();
    const mailbox = await bench.mailbox({
      ...names,
      sourceSignIn: byConsent(oauth, await oauth.consent('somebody@else.example')),
      destinationSignIn: byServiceAccount(oauth),
    });
    const before = oauth.requests.length;
    expect(await mailbox.start()).toMatchObject({
      status: 'needs-attention',
      reason: {
        code: 'token-refused',
        side: 'source',
        detail: expect.stringMatching(/of the token: status/),
      },
    });
    // a token that was as new as can be is not asked for again
    expect(requestsSince(before).filter(({ grant }) => grant === 'refresh_token')).toHaveLength(1);
  });

  test('waits for its user where there is no consent yet', async () => {
    const names = await twoSided();
    const { own: _own, ...none } = byConsent(oauth, '');
    const mailbox = await bench.mailbox({ ...names, sourceSignIn: none });
    expect(await mailbox.start()).toMatchObject({ status: 'waiting-for-user' });
  });
});

describe('mailboxes that an application opens by its own right', () => {
  test('are moved, and its token is asked for once by each lane that signs in', async () => {
    await withResource(startOAuthServer(), async (oauth) => {
      const tokens = { introspectionUrl: oauth.introspectionUrl };
      const bench = await startSyncBench({ source: { oauth: tokens }, destination: { oauth: tokens } });
      try {
        const signIn = byApplication(oauth);
        const mailbox = await bench.mailbox({ sourceSignIn: signIn, destinationSignIn: signIn, lanes: 1 });
        await fillMailbox(mailbox.access.source, mailCorpus({ messages: 40 }));
        expect(await mailbox.start()).toMatchObject({ status: 'synced' });
        await mailbox.expectEqual();
        expect(oauth.requests).toEqual([
          { grant: 'client_credentials', status: 200 },
          { grant: 'client_credentials', status: 200 },
        ]);
      } finally {
        await bench.stop();
      }
    });
  });
});
