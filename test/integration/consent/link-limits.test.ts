import { openConsentLink, ATTEMPT_MS } from '../../../shared/consent/open-link.ts';
import { createConsentLinks } from '../../../shared/consent/create-links.ts';
import { receiveConsent } from '../../../shared/consent/receive-consent.ts';
import type { Services } from '../../../shared/services.ts';
import type { MailboxKey } from '../../../shared/state/keys.ts';
import { VaultUnavailableError } from '../../../shared/vault/errors.ts';
import { openConsentBrowser } from '../../support/consent-browser.ts';
import { type LifecycleWorld, startLifecycleWorld } from '../../support/lifecycle-world.ts';
import { type OAuthServer, startOAuthServer } from '../../support/oauth-server.ts';
import { startDovecot, type Dovecot } from '../../support/dovecot.ts';

const HOUR = 3_600_000;
const ANN = 'ann@old.example';

let world: LifecycleWorld;
let oauth: OAuthServer;
let dovecot: Dovecot;
let services: Services;

beforeAll(async () => {
  oauth = await startOAuthServer();
  dovecot = await startDovecot({ oauth: { introspectionUrl: oauth.introspectionUrl, userAttribute: 'sub' } });
  world = await startLifecycleWorld();
  services = world.services;
});
beforeEach(() => {
  world.now = Date.now();
});
afterAll(async () => {
  await world?.close();
  await dovecot?.stop();
  await oauth?.[Symbol.asyncDispose]();
});

/** A mailbox whose user can consent. @param port of the mail server */
async function waitingMailbox(port = dovecot.port, identity = false): Promise<MailboxKey> {
  const migration = await world.migration(world.tenant());
  const { tenant, connectionId } = migration;
  const { state, vault } = services;
  const connection = await state.connections.get(tenant, connectionId);
  if (connection === undefined) throw new Error('no connection');
  const { clientId, clientSecret } = oauth.delegated;
  await state.connections.put({
    ...connection,
    endpoint: { host: '127.0.0.1', port, security: 'insecure' },
    signIn: {
      kind: 'oauth',
      grant: 'refresh-token',
      clientId,
      tokenUrl: oauth.tokenUrl,
      authorizationUrl: oauth.authorizationUrl,
      ...(identity && { issuer: oauth.issuer }),
      scopes: [oauth.scope, 'offline_access'],
      secret: true,
    },
  });
  await vault.putService(
    { tenant, kind: 'connection', connectionId },
    { kind: 'client-secret', clientSecret },
  );
  const key = await world.mailbox(migration, { status: 'waiting-for-user', sourceUser: ANN });
  const shards = await vault.putMailboxes(tenant, migration.migrationId, [
    { mailboxId: key.mailboxId, credential: {} },
  ]);
  await state.mailboxes.change(tenant, key.mailboxId, (record) => ({
    ...record,
    credentialShard: shards.get(key.mailboxId) ?? '',
  }));
  return key;
}

async function linkFor(key: MailboxKey, validMs = HOUR): Promise<string> {
  const [link] = await createConsentLinks(services, [{ mailbox: await world.get(key), side: 'source' }], {
    baseUrl: 'http://127.0.0.1:1',
    validMs,
  });
  return link?.url.split('/').at(-1) ?? '';
}

/** Goes to the service and back, and hands the answer over. */
async function consent(
  word: string,
  during: () => void = () => undefined,
  by: Services = services,
  change: (address: URL) => void = () => undefined,
) {
  const { address, state, browserWord } = await openConsentLink(services, word);
  oauth.visitor = { account: ANN, answer: 'consents' };
  const asked = new URL(address);
  change(asked);
  const { url } = await openConsentBrowser().open(asked.href, { stopAt: 'http://127.0.0.1:1/' });
  during();
  return receiveConsent(
    by,
    {
      service: new URL(oauth.tokenUrl).host,
      parameters: new URL(url).searchParams,
      browserWordFor: (asked) => (asked === state ? browserWord : undefined),
    },
    new AbortController().signal,
  );
}

const refused = (refusal: string) => expect.objectContaining({ name: 'ConsentError', refusal });

describe('a link to consent', () => {
  test('is good until it expires, also for who is on the way', async () => {
    const key = await waitingMailbox();
    const word = await linkFor(key, HOUR);
    await expect(consent(word, () => (world.now += HOUR))).rejects.toEqual(refused('attempt-unknown'));
    await expect(openConsentLink(services, word)).rejects.toEqual(refused('link-expired'));
    const short = await linkFor(key, ATTEMPT_MS / 2);
    await expect(consent(short, () => (world.now += ATTEMPT_MS / 2))).rejects.toEqual(
      refused('link-expired'),
    );
    expect(await consent(await linkFor(key))).toEqual({ account: ANN });
    expect(await world.get(key)).toMatchObject({ status: 'starting', consents: { source: world.now } });
  });

  test('does not wait for its user longer than half an hour at the service', async () => {
    const word = await linkFor(await waitingMailbox(), 24 * HOUR);
    await expect(consent(word, () => (world.now += ATTEMPT_MS))).rejects.toEqual(refused('attempt-unknown'));
    expect(await consent(word)).toEqual({ account: ANN });
  });

  test('is not answered from a browser with another word, and then still is from the right one', async () => {
    const { address, state, browserWord } = await openConsentLink(
      services,
      await linkFor(await waitingMailbox()),
    );
    oauth.visitor = { account: ANN, answer: 'consents' };
    const { url } = await openConsentBrowser().open(address, { stopAt: 'http://127.0.0.1:1/' });
    const comeBack = (word: string | undefined) =>
      receiveConsent(
        services,
        {
          service: new URL(oauth.tokenUrl).host,
          parameters: new URL(url).searchParams,
          browserWordFor: (asked) => (asked === state ? word : undefined),
        },
        new AbortController().signal,
      );
    for (const word of [undefined, services.words()]) {
      await expect(comeBack(word)).rejects.toEqual(refused('other-browser'));
    }
    expect(await comeBack(browserWord)).toEqual({ account: ANN });
  });

  test.each([
    ['identity', 'nonce', 'answer-unreadable'],
    ['code', 'code_challenge', 'attempt-unknown'],
  ])('takes no %s that was made for another attempt', async (_what, parameter, refusal) => {
    const key = await waitingMailbox(dovecot.port, true);
    const others = 'x'.repeat(43);
    const asking = consent(await linkFor(key), undefined, undefined, (address) =>
      address.searchParams.set(parameter, others),
    );
    await expect(asking).rejects.toEqual(refused(refusal));
    expect((await world.get(key)).consents).toBeUndefined();
  });

  test('can be opened a hundred times', async () => {
    const word = await linkFor(await waitingMailbox());
    for (let opened = 0; opened < 100; opened += 1) await openConsentLink(services, word);
    await expect(openConsentLink(services, word)).rejects.toEqual(refused('link-exhausted'));
  });

  test('stays good where the mail server that has to decide cannot be reached', async () => {
    const key = await waitingMailbox(1);
    await expect(consent(await linkFor(key))).rejects.toEqual(refused('mailbox-unreachable'));
    expect(await world.get(key)).toMatchObject({ status: 'waiting-for-user' });
    // where the service vouches for the account, nobody needs to ask the mail server
    expect(await consent(await linkFor(await waitingMailbox(1, true)))).toEqual({ account: ANN });
  });

  test('stays good where the token could not be stored', async () => {
    const key = await waitingMailbox();
    const word = await linkFor(key);
    const failing: Services = {
      ...services,
      vault: {
        ...services.vault,
        replaceMailbox: () => Promise.reject(new VaultUnavailableError('CreateSecret')),
      },
    };
    await expect(consent(word, undefined, failing)).rejects.toThrow(VaultUnavailableError);
    expect(await consent(word)).toEqual({ account: ANN });
    await expect(openConsentLink(services, word)).rejects.toEqual(refused('link-used'));
  });

  test('is used by one of two who come back at the same moment', async () => {
    const word = await linkFor(await waitingMailbox());
    const ends = await Promise.allSettled([consent(word), consent(word)]);
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({ reason: refused('link-used') });
  });
});
