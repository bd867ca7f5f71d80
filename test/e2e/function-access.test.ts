import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { loadFunctions } from '../../infra/local/load-functions.ts';
import { type LocalCloud, startLocalCloud } from '../../infra/local/local-cloud.ts';
import { type RunningPipeline, runPipeline } from '../../infra/local/run-pipeline.ts';
import { FUNCTIONS, QUEUES, SECRET_PREFIX } from '../../infra/resources.ts';
import { type AwsClients, createClients } from '../../shared/aws-clients/create-clients.ts';
import { systemClock } from '../../shared/migration/clock.ts';
import { createState, type State } from '../../shared/state/create-state.ts';
import { deepText } from '../support/deep-text.ts';
import { startDovecot, type Dovecot } from '../support/dovecot.ts';
import { eventually } from '../support/eventually.ts';
import { fillMailbox } from '../support/fill-mailbox.ts';
import { mailCorpus } from '../support/mail-corpus.ts';
import { type NarrowLink, startNarrowLink } from '../support/narrow-link.ts';
import { type OAuthServer, startOAuthServer } from '../support/oauth-server.ts';
import { type AwsCalls, recordAwsCalls } from '../support/record-aws-calls.ts';
import { type SynthesisedCloud, synthesiseCloud } from '../support/synthesised-cloud.ts';
import { templateText } from '../support/template-text.ts';

const LONG = 240_000;
const TENANT = 'acme';
const PASSWORD = 'secret-4711';
/** Of one invocation: a worker begins nothing new in its last 80 s. */
const WHOLE_TURN_MS = 360_000;
const SHORT_TURN_MS = 81_500;

/*
 * What each function may do in the cloud is compared with what it does: all the flows that need a permission of their
 * own are gone through with the embedded services, and then nothing may be missing in the roles, and nothing too much.
 */
describe('the permissions of the functions', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let link: NarrowLink;
  let stateDir: string;
  let local: LocalCloud;
  let pipeline: RunningPipeline;
  let clients: AwsClients;
  let state: State;
  let calls: AwsCalls;
  let token: string;
  let oauth: OAuthServer;
  /** Invocations that run at this moment. */
  const running = { planPass: 0, syncChunk: 0 };
  const turnMs = { planPass: WHOLE_TURN_MS, syncChunk: WHOLE_TURN_MS };

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(pipeline.url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined
          ? {}
          : { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: Record<string, unknown> = Object(text === '' ? {} : JSON.parse(text));
    return { status: response.status, body: answer };
  };
  const done = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = await call(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer.body;
  };
  const endpointOf = (port: number, ca: string) => ({ host: 'localhost', port, security: 'tls', ca });
  const statusOf = async (mailboxId: string) => (await done('GET', `/v1/mailboxes/${mailboxId}`))['status'];
  const expectStatus = (mailboxId: string, status: string) =>
    eventually(`${mailboxId} is ${status}`, async () => (await statusOf(mailboxId)) === status, {
      withinMs: 60_000,
    });
  const connect = async (): Promise<string> => {
    const made = await done('POST', '/v1/connections', {
      provider: 'other',
      endpoint: endpointOf(source.tlsPort, source.ca),
      account: { user: 'small', password: PASSWORD },
    });
    return deepText(made, 'connectionId');
  };
  /** A migration of one mailbox by a connection of its own, which may be closed. */
  const migrate = async (user: string, start: boolean) => {
    const own = await connect();
    const made = await done('POST', '/v1/migrations', {
      connectionId: own,
      mailboxes: [
        { email: `${user}@new.example`, sourceUser: user, password: PASSWORD, destinationPassword: PASSWORD },
      ],
      start,
    });
    const migrationId = deepText(made, 'migrationId');
    const listed = await done('GET', `/v1/migrations/${migrationId}/mailboxes`);
    return { connectionId: own, migrationId, mailboxId: deepText(listed, 'mailboxId') };
  };

  beforeAll(async () => {
    const users = ['small', 'single', 'middle', 'large', 'long', 'idle', 'consent'];
    oauth = await startOAuthServer();
    oauth.rotates = true;
    [source, destination] = await Promise.all([
      startDovecot({
        users: Object.fromEntries(users.map((user) => [user, PASSWORD])),
        oauth: { introspectionUrl: oauth.introspectionUrl, userAttribute: 'sub' },
      }),
      startDovecot({ users: Object.fromEntries(users.map((user) => [`${user}@new.example`, PASSWORD])) }),
    ]);
    await fillMailbox(source.access('small'), mailCorpus({ messages: 30, largeMessageBytes: 50_000 }));
    // One piece of work. A planner's short turn is over before the first of its two large messages has gone.
    for (const seed of [1, 2]) {
      await fillMailbox(
        source.access('single'),
        mailCorpus({ seed, messages: 40, largeMessageBytes: 4_000_000, folders: [['INBOX']] }),
      );
    }
    await fillMailbox(source.access('middle'), mailCorpus({ messages: 600, largeMessageBytes: 1_500_000 }));
    await fillMailbox(source.access('large'), mailCorpus({ messages: 1_500, largeMessageBytes: 4_000_000 }));
    await fillMailbox(source.access('consent'), mailCorpus({ messages: 600, largeMessageBytes: 1_500_000 }));
    await fillMailbox(source.access('long'), mailCorpus({ messages: 1_500, largeMessageBytes: 4_000_000 }));
    link = await startNarrowLink({ port: destination.tlsPort }, { bytesPerSecond: 600_000 });
    stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-access-'));
    local = await startLocalCloud({
      stateDir,
      timerSeconds: 1,
      syncWrites: false,
      variables: {
        MAILHAUL_LOG_LEVEL: 'SILENT',
        MAILHAUL_RESYNC_SECONDS: '3',
        MAILHAUL_SETTLE_MS: '300',
        MAILHAUL_RENEW_MS: '500',
        MAILHAUL_LANES: '1',
      },
    });
    const handlers = (await loadFunctions())(local.environment);
    const shortened =
      (name: 'planPass' | 'syncChunk'): typeof handlers.planPass =>
      (event, context) => {
        const began = performance.now();
        const shorter: Context = Object.assign(Object.create(context), {
          getRemainingTimeInMillis: () => turnMs[name] - (performance.now() - began),
        });
        running[name] += 1;
        // the runtime's own, with less time
        return handlers[name](event, shorter as typeof context).finally(() => (running[name] -= 1));
      };
    calls = recordAwsCalls(SECRET_PREFIX);
    pipeline = await runPipeline(local, {
      ...handlers,
      planPass: shortened('planPass'),
      syncChunk: shortened('syncChunk'),
    });
    clients = createClients(local.environment);
    state = createState(clients.documents, {
      table: local.environment['MAILHAUL_TABLE'] ?? '',
      clock: systemClock,
      ids: () => crypto.randomUUID(),
    });
    token = await pipeline.issueToken({
      tenant: TENANT,
      scopes: ['mailhaul:read', 'mailhaul:write'],
      expiresInSeconds: 3600,
    });
  }, LONG);
  afterAll(async () => {
    calls?.stop();
    await pipeline?.stop(1_000);
    clients?.destroy();
    await local?.close();
    await link?.[Symbol.asyncDispose]();
    await Promise.all([source?.stop(), destination?.stop()]);
    await oauth?.[Symbol.asyncDispose]();
    await rm(stateDir, { recursive: true, force: true });
  });

  test(
    'an admin sets everything up, looks at it and takes some of it back',
    async () => {
      await done('POST', '/v1/users', { email: 'gone@new.example', displayName: 'Gone' });
      await done('DELETE', '/v1/users/gone%40new.example');
      await done(
        'POST',
        '/v1/users/import',
        'EmailAddress\nsmall@new.example\nsingle@new.example\nmiddle@new.example\nlarge@new.example\nlong@new.example\nidle@new.example\nconsent@new.example\n',
      );
      await done('PUT', '/v1/destination', {
        endpoint: endpointOf(link.port, destination.ca),
        signIn: { kind: 'user-password' },
        test: { user: 'small@new.example', password: PASSWORD },
      });
      const connectionId = await connect();
      await done('POST', `/v1/connections/${connectionId}/test`, {
        account: { user: 'small', password: PASSWORD },
      });
      // a request that fails under a key gives the key free
      const key = { 'idempotency-key': 'one-and-the-same' };
      expect((await call('POST', '/v1/migrations', { connectionId: 'unknown' }, key)).status).toBeGreaterThan(
        399,
      );
      for (const path of [
        '/v1/users',
        '/v1/destination',
        '/v1/connections',
        '/v1/migrations',
        '/v1/providers',
      ])
        await done('GET', path);
    },
    LONG,
  );

  test(
    'a small mailbox is moved, looked at again by the timer, gets another password and is closed',
    async () => {
      const { connectionId: own, mailboxId } = await migrate('small', true);
      await expectStatus(mailboxId, 'synced');
      await eventually('the timer wakes it', () =>
        calls.of('resync-timer').includes('sqs:SendMessage mailhaul-passes'),
      );
      for (const what of ['folders', 'items', 'events'])
        await done('GET', `/v1/mailboxes/${mailboxId}/${what}`);
      await done('PUT', `/v1/mailboxes/${mailboxId}/credential`, { password: PASSWORD });
      await done('POST', `/v1/connections/${own}/close`);
      await expectStatus(mailboxId, 'closed');
    },
    LONG,
  );

  test(
    'a planner that copies goes on when asked to, and closes a migration when it is the last to work on it',
    async () => {
      const { connectionId: own, mailboxId } = await migrate('middle', true);
      await expectStatus(mailboxId, 'syncing');
      await done('POST', `/v1/mailboxes/${mailboxId}/sync`);
      await eventually(
        'it has begun a second pass',
        () => calls.of('plan-pass').includes('sqs:SendMessage mailhaul-passes'),
        { withinMs: 60_000 },
      );
      await done('POST', `/v1/connections/${own}/close`);
      await expectStatus(mailboxId, 'closed');
      const again = await migrate('large', true);
      await expectStatus(again.mailboxId, 'syncing');
      await done('POST', `/v1/connections/${again.connectionId}/close`);
      await expectStatus(again.mailboxId, 'closed');
    },
    LONG,
  );

  test(
    'a worker does a piece of work that is the only one',
    async () => {
      turnMs.planPass = SHORT_TURN_MS;
      const { mailboxId, connectionId: own } = await migrate('single', true);
      await expectStatus(mailboxId, 'synced');
      turnMs.planPass = WHOLE_TURN_MS;
      expect(calls.of('sync-chunk')).toContain('dynamodb:DeleteItem table');
      await done('POST', `/v1/connections/${own}/close`);
      await expectStatus(mailboxId, 'closed');
    },
    LONG,
  );

  test(
    'workers hand on to one another, go on when asked to, and close a migration when they are the last',
    async () => {
      turnMs.planPass = SHORT_TURN_MS;
      turnMs.syncChunk = SHORT_TURN_MS;
      const { mailboxId, connectionId: own } = await migrate('large', true);
      await eventually(
        'handed on',
        () => calls.of('sync-chunk').includes('sqs:SendMessage mailhaul-chunks'),
        { withinMs: 60_000 },
      );
      turnMs.syncChunk = WHOLE_TURN_MS;
      await done('POST', `/v1/mailboxes/${mailboxId}/sync`);
      await eventually(
        'it has begun a second pass',
        () => calls.of('sync-chunk').includes('sqs:SendMessage mailhaul-passes'),
        { withinMs: 60_000 },
      );
      await done('POST', `/v1/connections/${own}/close`);
      await expectStatus(mailboxId, 'closed');
      const again = await migrate('long', true);
      await eventually(
        'a worker is on it',
        async () => running.syncChunk > 0 && (await statusOf(again.mailboxId)) === 'syncing',
        { withinMs: 60_000 },
      );
      await done('POST', `/v1/connections/${again.connectionId}/close`);
      await expectStatus(again.mailboxId, 'closed');
      turnMs.planPass = WHOLE_TURN_MS;
    },
    LONG,
  );

  test(
    'a planner and workers keep the refresh token that each use of the old one brings',
    async () => {
      const consent = () => oauth.consent('consent');
      const made = await done('POST', '/v1/connections', {
        endpoint: endpointOf(source.tlsPort, source.ca),
        signIn: {
          kind: 'oauth',
          grant: 'refresh-token',
          ...oauth.delegated,
          endpoints: { tokenUrl: oauth.tokenUrl },
          scopes: [oauth.scope],
        },
        account: { user: 'consent', refreshToken: await consent() },
      });
      const created = await done('POST', '/v1/migrations', {
        connectionId: deepText(made, 'connectionId'),
        mailboxes: [
          {
            email: 'consent@new.example',
            sourceUser: 'consent',
            refreshToken: await consent(),
            destinationPassword: PASSWORD,
          },
        ],
      });
      const migrationId = deepText(created, 'migrationId');
      const listed = await done('GET', `/v1/migrations/${migrationId}/mailboxes`);
      const mailboxId = deepText(listed, 'mailboxId');
      // A planner without time to go on leaves the work to a worker, which signs in by itself.
      turnMs.planPass = SHORT_TURN_MS;
      await done('POST', `/v1/mailboxes/${mailboxId}/start`);
      for (const name of ['plan-pass', 'sync-chunk'] as const) {
        await eventually(
          `${name} keeps a token`,
          () => calls.of(name).some((call) => call.startsWith('secretsmanager:CreateSecret')),
          { withinMs: 60_000 },
        );
      }
      turnMs.planPass = WHOLE_TURN_MS;
      await expectStatus(mailboxId, 'synced');
    },
    LONG,
  );

  test(
    'the timer carries on what others have begun: work that nobody is on, the closing of a migration',
    async () => {
      const { mailboxId, migrationId } = await migrate('idle', false);
      const now = systemClock.now();
      await state.mailboxes.change(TENANT, mailboxId, (record) => ({
        ...record,
        status: 'syncing',
        pass: { ...record.pass, number: 1, phase: 'copying' },
        dueAt: now,
      }));
      await eventually('workers are woken', () =>
        calls.of('resync-timer').includes('sqs:SendMessage mailhaul-chunks'),
      );
      await expectStatus(mailboxId, 'synced');
      const migration = await state.migrations.get(TENANT, migrationId);
      if (migration === undefined) throw new Error('The migration is gone.');
      await state.migrations.put({ ...migration, status: 'closing' });
      await state.mailboxes.change(TENANT, mailboxId, (record) => ({ ...record, dueAt: systemClock.now() }));
      await expectStatus(mailboxId, 'closed');
    },
    LONG,
  );

  test('dead letters are shown at their mailbox', async () => {
    const ids = await Promise.all(
      ['small', 'idle', 'middle'].map(async (user) => {
        const { mailboxId } = await migrate(user, false);
        await state.mailboxes.change(TENANT, mailboxId, ({ dueAt: _dueAt, ...record }) => ({
          ...record,
          status: 'queued',
          pass: { ...record.pass, number: 1, phase: 'planning' },
        }));
        return mailboxId;
      }),
    );
    const QueueUrl = local.queues.passes.deadLetter.url;
    // One is read by itself, two that come together in one request.
    for (const together of [ids.slice(0, 1), ids.slice(1)]) {
      const Entries = together.map((mailboxId) => ({
        Id: mailboxId,
        MessageBody: JSON.stringify({ v: 1, tenant: TENANT, mailboxId, reason: 'due' }),
      }));
      await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      for (const mailboxId of together) await expectStatus(mailboxId, 'needs-attention');
    }
  });

  describe('in the cloud are those that were used, no fewer and no more', () => {
    let cloud: SynthesisedCloud;
    beforeAll(async () => {
      cloud = await synthesiseCloud();
    });
    afterAll(() => cloud?.[Symbol.asyncDispose]());

    test.each(Object.entries(FUNCTIONS))('%s', (id, { name }) => {
      expect(grantedTo(cloud, id)).toEqual(calls.of(name));
    });
  });
});

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** What a role grants on the table, its indexes, the queues it sends to and the secrets, in the words of `AwsCalls`. */
function grantedTo(cloud: SynthesisedCloud, id: string): string[] {
  const { Properties } = cloud.resource('AWS::IAM::Policy', `/Pipeline/${id}/Policy/Resource`);
  const { Statement: statements } = Properties['PolicyDocument'] as { Statement: Statement[] };
  const granted = statements.flatMap(({ Action, Resource }) =>
    [Action]
      .flat()
      .flatMap((action) => [Resource].flat().map((resource) => ({ action, on: templateText(resource) }))),
  );
  return granted
    .filter(({ action }) => /^(dynamodb:|sqs:SendMessage|secretsmanager:)/.test(action))
    .map(({ action, on }) => `${action} ${nameOf(on)}`)
    .sort();
}

function nameOf(resource: string): string {
  const index = /\/(index\/\w+)$/.exec(resource)?.[1];
  if (index !== undefined) return index;
  if (resource.includes('PassesQueue')) return QUEUES.passes.name;
  if (resource.includes('ChunksQueue')) return QUEUES.chunks.name;
  if (resource.endsWith(`:secret:${SECRET_PREFIX}prod/*`)) return SECRET_PREFIX;
  return /^<[^>]*Table[^>]*>$/.test(resource) ? 'table' : resource;
}
