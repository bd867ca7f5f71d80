import * as z from 'zod';
import { compareMailboxes } from '../../support/compare-mailboxes.ts';
import { type ConsentBrowser, openConsentBrowser } from '../../support/consent-browser.ts';
import { deepText } from '../../support/deep-text.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { eventually } from '../../support/eventually.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { snapshotMailbox } from '../../support/mailbox-snapshot.ts';
import { type OAuthServer, startOAuthServer } from '../../support/oauth-server.ts';
import { type RunningService, startService } from '../../support/running-service.ts';

const LONG = 120_000;
const PASSWORD = 'secret-4711';

const linksSchema = z.object({
  links: z.array(
    z.object({
      mailboxId: z.string(),
      email: z.string(),
      side: z.string(),
      account: z.string(),
      url: z.string(),
    }),
  ),
  redirectUris: z.array(z.string()),
  skipped: z.number(),
  nextCursor: z.string().optional(),
});
type Links = z.output<typeof linksSchema>;

let oauth: OAuthServer;
let source: Dovecot;
let destination: Dovecot;
let service: RunningService;
let people = 0;
let tenants = 0;

beforeAll(async () => {
  oauth = await startOAuthServer();
  const tokens = { introspectionUrl: oauth.introspectionUrl, userAttribute: 'sub' };
  [source, destination, service] = await Promise.all([
    startDovecot({ oauth: tokens }),
    startDovecot({ oauth: tokens }),
    startService({ MAILHAUL_LOG_LEVEL: 'SILENT', MAILHAUL_RENEW_MS: '500', MAILHAUL_SETTLE_MS: '300' }),
  ]);
}, LONG);
beforeEach(() => {
  oauth.outage = undefined;
  oauth.rotates = false;
});
afterAll(async () => {
  await service?.[Symbol.asyncDispose]();
  await Promise.all([source?.stop(), destination?.stop()]);
  await oauth?.[Symbol.asyncDispose]();
});

/** An organisation whose users consent at the source, and one of them with mail. */
interface Organisation {
  readonly migrationId: string;
  readonly mailboxId: string;
  /** The user's account at the source, and the address at the destination. */
  readonly account: string;
  readonly email: string;
  call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  links(body?: object): Promise<Links>;
  link(): Promise<string>;
  mailbox(): Promise<Record<string, unknown>>;
}

async function organisation(
  options: { identity?: boolean; both?: boolean; start?: boolean } = {},
): Promise<Organisation> {
  const { identity = true, both = false, start = true } = options;
  people += 1;
  tenants += 1;
  const account = `person${people}@old.example`;
  const email = `person${people}@new.example`;
  await source.addUser(account, PASSWORD);
  await destination.addUser(email, PASSWORD);
  await fillMailbox(source.access(account), mailCorpus({ messages: 10, seed: people }));
  const token = await service.token(`tenant-${tenants}`);
  const call: Organisation['call'] = async (method, path, body) => {
    const reply = await service.call(token, method, path, body);
    if (reply.status >= 300)
      throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const byConsent = {
    kind: 'oauth',
    grant: 'refresh-token',
    ...oauth.delegated,
    endpoints: {
      tokenUrl: oauth.tokenUrl,
      authorizationUrl: oauth.authorizationUrl,
      ...(identity && { issuer: oauth.issuer }),
    },
    scopes: [oauth.scope, 'offline_access'],
  };
  const endpointOf = ({ tlsPort, ca }: Dovecot) => ({
    host: '127.0.0.1',
    port: tlsPort,
    security: 'tls',
    ca,
  });
  await call('POST', '/v1/users', { email });
  await call('PUT', '/v1/destination', {
    endpoint: endpointOf(destination),
    signIn: both ? byConsent : { kind: 'user-password' },
    test: both ? { user: email } : { user: email, password: PASSWORD },
  });
  const made = await call('POST', '/v1/connections', {
    endpoint: endpointOf(source),
    signIn: byConsent,
    account: { user: account },
  });
  const created = await call('POST', '/v1/migrations', {
    connectionId: deepText(made, 'connectionId'),
    mailboxes: [{ email, sourceUser: account, ...(!both && { destinationPassword: PASSWORD }) }],
    start,
  });
  const migrationId = deepText(created, 'migrationId');
  const mailboxId = deepText(await call('GET', `/v1/migrations/${migrationId}/mailboxes`), 'mailboxId');
  const links: Organisation['links'] = async (body = {}) =>
    linksSchema.parse(await call('POST', `/v1/migrations/${migrationId}/consent-links`, body));
  const mailbox = () => call('GET', `/v1/mailboxes/${mailboxId}`);
  if (start) {
    await eventually('it waits for its user', async () => (await mailbox())['status'] === 'waiting-for-user');
  }
  return {
    migrationId,
    mailboxId,
    account,
    email,
    call,
    links,
    link: async () => (await links()).links[0]?.url ?? '',
    mailbox,
  };
}

const expectStatus = (of: Organisation, status: string) =>
  eventually(`the mailbox is ${status}`, async () => (await of.mailbox())['status'] === status, {
    withinMs: 60_000,
  });

async function expectMoved({ account, email }: Organisation): Promise<void> {
  const comparison = compareMailboxes(
    await snapshotMailbox(source.access(account)),
    await snapshotMailbox(destination.access(email)),
  );
  expect(comparison.report).toBe('equal: 10 messages');
}

/** Goes as far as the answer of the service, and stops before it is handed over. */
async function wayBack(browser: ConsentBrowser, link: string): Promise<string> {
  return (await browser.open(link, { stopAt: `${service.url}/v1/consent/callback/` })).url;
}

function withParameter(url: string, name: string, value: string): string {
  const changed = new URL(url);
  changed.searchParams.set(name, value);
  return changed.href;
}

describe('a user who follows a link', () => {
  test(
    'consents at the service, and the mailbox that waited is moved',
    async () => {
      const org = await organisation();
      const { links, redirectUris, skipped } = await org.links();
      expect(links).toMatchObject([
        { mailboxId: org.mailboxId, email: org.email, side: 'source', account: org.account },
      ]);
      expect(skipped).toBe(0);
      const [link] = links;
      oauth.visitor = { account: org.account, answer: 'consents' };
      const browser = openConsentBrowser();
      const page = await browser.open(link?.url ?? '');
      expect(page.text).toContain(`Consent was given for ${org.account}.`);
      expect(page.status).toBe(200);

      const asked = new URL(page.way[0] ?? '');
      expect(`${asked.origin}${asked.pathname}`).toBe(oauth.authorizationUrl);
      expect(Object.fromEntries(asked.searchParams)).toEqual({
        response_type: 'code',
        client_id: oauth.delegated.clientId,
        redirect_uri: redirectUris[0],
        scope: 'mail offline_access openid email',
        state: expect.stringMatching(/^[\w-]{43}$/),
        code_challenge: expect.stringMatching(/^[\w-]{43}$/),
        code_challenge_method: 'S256',
        nonce: expect.stringMatching(/^[\w-]{43}$/),
        login_hint: org.account,
        prompt: 'consent',
      });
      await expectStatus(org, 'synced');
      await expectMoved(org);
      expect((await org.mailbox())['consents']).toEqual({ source: expect.any(String) });
      // the word of the link, and what the browser had, are nowhere
      for (const secret of [link?.url.split('/').at(-1), asked.searchParams.get('state')]) {
        expect(await service.stateHolds(secret ?? '')).toBe(false);
      }
      expect(browser.cookies(service.url)).toEqual([]);
    },
    LONG,
  );

  test(
    'consents for both sides, in any order; what comes later of the two lets the mailbox go on',
    async () => {
      const org = await organisation({ both: true });
      const { links } = await org.links();
      expect(links.map(({ side, account }) => [side, account])).toEqual([
        ['source', org.account],
        ['destination', org.email],
      ]);
      const [ofSource, ofDestination] = links;
      oauth.visitor = { account: org.email, answer: 'consents' };
      expect((await openConsentBrowser().open(ofDestination?.url ?? '')).text).toContain('Thank you');
      expect((await org.mailbox())['status']).toBe('waiting-for-user');
      oauth.visitor = { account: org.account, answer: 'consents' };
      expect((await openConsentBrowser().open(ofSource?.url ?? '')).text).toContain('Thank you');
      await expectStatus(org, 'synced');
      await expectMoved(org);
    },
    LONG,
  );

  test(
    'may do so before the start, and where the service vouches for nobody; each use changes the token',
    async () => {
      oauth.rotates = true;
      const org = await organisation({ identity: false, start: false });
      oauth.visitor = { account: org.account, answer: 'consents' };
      const page = await openConsentBrowser().open(await org.link());
      expect(page.text).toContain('Thank you');
      expect(new URL(page.way[0] ?? '').searchParams.get('scope')).toBe('mail offline_access');
      expect((await org.mailbox())['status']).toBe('stopped');
      await org.call('POST', `/v1/mailboxes/${org.mailboxId}/start`);
      await expectStatus(org, 'synced');
      await expectMoved(org);
    },
    LONG,
  );

  test(
    'again, after the consent was withdrawn, lets the mailbox go on',
    async () => {
      const org = await organisation();
      oauth.visitor = { account: org.account, answer: 'consents' };
      await openConsentBrowser().open(await org.link());
      await expectStatus(org, 'synced');
      expect(await org.links()).toMatchObject({ links: [], skipped: 1 });
      oauth.withdraw(org.account);
      await org.call('POST', `/v1/mailboxes/${org.mailboxId}/sync`);
      await expectStatus(org, 'needs-attention');
      expect((await openConsentBrowser().open(await org.link())).status).toBe(200);
      await expectStatus(org, 'synced');
    },
    LONG,
  );

  test.each([
    ['pl', 'Dziękujemy, to wszystko'],
    ['vi-VN,vi', 'Cảm ơn bạn, đã xong'],
  ])('reads a page in the language of the browser (%s), which loads nothing', async (language, title) => {
    const org = await organisation({ start: false });
    oauth.visitor = { account: org.account, answer: 'consents' };
    const { headers, text } = await openConsentBrowser().open(await org.link(), { language });
    expect(text).toContain(`<h1>${title}</h1>`);
    expect(text).toContain(`<html lang="${language.slice(0, 2)}">`);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(text).not.toMatch(/<script|<form|src=|href=/);
  });
});

describe('nothing is stored, and the page says why, where', () => {
  let org: Organisation;
  let link: string;
  let other: Organisation;
  beforeAll(async () => {
    org = await organisation();
    other = await organisation();
    link = await org.link();
  }, LONG);
  beforeEach(() => {
    oauth.visitor = { account: org.account, answer: 'consents' };
  });
  afterEach(async () => {
    const { status, consents } = await org.mailbox();
    if (status === 'waiting-for-user' && consents === undefined) return;
    throw new Error(`something was stored: ${String(status)} ${JSON.stringify(consents)}`);
  });

  test.each([
    [
      'another account consents',
      () => ({ account: other.account, answer: 'consents' as const }),
      403,
      'Consent is needed for person',
    ],
    [
      'the user says no',
      () => ({ account: org.account, answer: { error: 'access_denied' } }),
      403,
      'You did not consent',
    ],
    [
      'the organisation must approve',
      () => ({
        account: org.account,
        answer: {
          error: 'access_denied',
          description: 'AADSTS90094: The grant requires admin permission. Trace ID: 1',
        },
      }),
      403,
      'Your organisation must approve first',
    ],
    [
      'consent is required of others',
      () => ({
        account: org.account,
        answer: { error: 'consent_required', description: 'AADSTS65001: no consent' },
      }),
      403,
      'Your organisation must approve first',
    ],
    [
      'the permission for mail is left out',
      () => ({ account: org.account, answer: 'consents-in-part' as const }),
      403,
      'A permission was left out',
    ],
    [
      'the service is busy',
      () => ({ account: org.account, answer: { error: 'temporarily_unavailable' } }),
      503,
      'cannot do it just now',
    ],
    [
      'the application is refused',
      () => ({ account: org.account, answer: { error: 'unauthorized_client' } }),
      502,
      'does not accept the application',
    ],
  ])('%s', async (_case, visitor, status, says) => {
    oauth.visitor = visitor();
    const page = await openConsentBrowser().open(link);
    expect(page.text).toContain(says);
    expect(page.status).toBe(status);
    const { items } = (await org.call('GET', `/v1/mailboxes/${org.mailboxId}/events`)) as {
      items: unknown[];
    };
    expect(items[0]).toMatchObject({ type: 'consent-refused' });
  });

  test.each([
    ['fails', { status: 503, body: '{"error":"temporarily_unavailable"}' }, 503],
    ['answers a page', { status: 200, body: '<html>hello</html>', contentType: 'text/html' }, 502],
    ['gives no lasting token', { status: 200, body: '{"access_token":"a","token_type":"bearer"}' }, 502],
    ['refuses the application', { status: 401, body: '{"error":"invalid_client"}' }, 502],
  ])('the service %s when the code is handed in', async (_case, outage, status) => {
    const browser = openConsentBrowser();
    const back = await wayBack(browser, link);
    oauth.outage = outage;
    expect((await browser.open(back)).status).toBe(status);
  });

  test('another account consents, and the service vouches for nobody: the mail server tells', async () => {
    const unnamed = await organisation({ identity: false });
    oauth.visitor = { account: other.account, answer: 'consents' };
    const page = await openConsentBrowser().open(await unnamed.link());
    expect(page.text).toContain(`Consent is needed for ${unnamed.account}`);
    expect((await unnamed.mailbox())['status']).toBe('waiting-for-user');
  });

  test('the way back ends in another browser', async () => {
    const browser = openConsentBrowser();
    const back = await wayBack(browser, link);
    const stranger = await openConsentBrowser().open(back);
    expect(stranger.text).toContain('You came back in another browser');
    // nor does a cookie of another attempt help
    const busy = openConsentBrowser();
    await wayBack(busy, link);
    expect((await busy.open(back)).text).toContain('You came back in another browser');
  });

  test('the state, the code, the issuer or the service is another one', async () => {
    const fresh = async () => {
      const browser = openConsentBrowser();
      return { browser, back: await wayBack(browser, link) };
    };
    const tampered = [
      { name: 'state', value: 'x'.repeat(43), status: 400 },
      { name: 'state', value: '', status: 400 },
      { name: 'code', value: 'a-code-of-somebody-else', status: 400 },
      { name: 'code', value: '', status: 502 },
      { name: 'iss', value: 'https://evil.example', status: 502 },
    ];
    for (const { name, value, status } of tampered) {
      const { browser, back } = await fresh();
      expect([name, value, (await browser.open(withParameter(back, name, value))).status]).toEqual([
        name,
        value,
        status,
      ]);
    }
    const doubled = await fresh();
    expect((await doubled.browser.open(`${doubled.back}&code=another`)).status).toBe(502);
    const mixedUp = await fresh();
    const elsewhere = mixedUp.back.replace(/callback\/[^?]*/, 'callback/login.other.example');
    expect((await mixedUp.browser.open(elsewhere)).status).toBe(400);
  });

  test('a code was caught and is brought by another attempt', async () => {
    // the attacker has the victim's whole address back, and an attempt in the own browser
    const victim = openConsentBrowser();
    const stolen = new URL(await wayBack(victim, link)).searchParams.get('code') ?? '';
    const attacker = openConsentBrowser();
    const own = await wayBack(attacker, await other.link());
    const page = await attacker.open(withParameter(own, 'code', stolen));
    expect(page.status).toBe(400);
    expect((await other.mailbox())['status']).toBe('waiting-for-user');
  });

  test('the link is none', async () => {
    for (const word of ['x'.repeat(43), 'short', '%2e%2e%3f', `${link.split('/').at(-1)}x`]) {
      const page = await openConsentBrowser().open(`${service.url}/v1/consent/${word}`);
      expect([word, page.status]).toEqual([word, 404]);
      expect(page.text).toContain('This link leads nowhere');
    }
  });
});

describe('a link', () => {
  test(
    'is good once, and an answer too',
    async () => {
      const org = await organisation({ start: false });
      oauth.visitor = { account: org.account, answer: 'consents' };
      const link = await org.link();
      // opened by a mail program's guard, and left; then by two browsers at the same time
      await wayBack(openConsentBrowser(), link);
      const [browser, late] = [openConsentBrowser(), openConsentBrowser()];
      const back = await wayBack(browser, link);
      const lateBack = await wayBack(late, link);
      const cookies = browser.cookies(service.url);
      expect((await browser.open(back)).status).toBe(200);
      expect((await late.open(lateBack)).text).toContain('This link was used already');
      expect((await openConsentBrowser().open(link)).text).toContain('This link was used already');
      // the same answer once more, with the cookie that the browser had
      const again = await fetch(back, { headers: { cookie: cookies.join('; ') } });
      expect([again.status, await again.text()]).toEqual([
        400,
        expect.stringContaining('or was done before'),
      ]);
    },
    LONG,
  );

  test(
    'that is one of another tenant cannot be asked for, and one for the own mailboxes can be chosen',
    async () => {
      const org = await organisation({ start: false });
      const other = await organisation({ start: false });
      const path = `/v1/migrations/${org.migrationId}/consent-links`;
      await expect(other.call('POST', path, {})).rejects.toThrow(': 404 ');
      await expect(other.links({ mailboxIds: [org.mailboxId] })).rejects.toThrow(': 422 ');
      await expect(other.links({ emails: [org.email] })).rejects.toThrow(': 422 ');
      await expect(org.links({ side: 'destination' })).rejects.toThrow('consent-impossible');
      await expect(org.links({ mailboxIds: [org.mailboxId], emails: [org.email] })).rejects.toThrow(': 422 ');
      for (const chosen of [
        { mailboxIds: [org.mailboxId] },
        { emails: [org.email.toUpperCase()] },
        { side: 'source' },
      ]) {
        expect((await org.links(chosen)).links).toMatchObject([{ mailboxId: org.mailboxId }]);
      }
    },
    LONG,
  );

  test(
    'leads nowhere once the connection is closed, also in the middle of the way',
    async () => {
      const org = await organisation({ start: false });
      oauth.visitor = { account: org.account, answer: 'consents' };
      const link = await org.link();
      const browser = openConsentBrowser();
      const back = await wayBack(browser, link);
      const { connectionId } = z.object({ connectionId: z.string() }).parse(await org.mailbox());
      await org.call('POST', `/v1/connections/${connectionId}/close`);
      await expectStatus(org, 'closed');
      expect((await browser.open(back)).text).toContain('Consent is no longer needed');
      expect((await openConsentBrowser().open(link)).status).toBe(410);
    },
    LONG,
  );
});
