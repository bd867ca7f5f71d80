import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type LocalCloud, startLocalCloud } from '../../infra/local/local-cloud.ts';
import { toSqsEvent } from '../../infra/local/queues/sqs-event.ts';
import { FUNCTION_MEMORY, FUNCTIONS, SIGN_IN_FUNCTION } from '../../infra/resources.ts';
import { type AwsClients, createClients } from '../../shared/aws-clients/create-clients.ts';
import { apiEvent, type Method } from '../support/api-client.ts';
import { type BundledFunction, startBundledFunction } from '../support/bundled-function.ts';
import { compareMailboxes } from '../support/compare-mailboxes.ts';
import { deepText } from '../support/deep-text.ts';
import { startDovecot, type Dovecot } from '../support/dovecot.ts';
import { fillMailbox } from '../support/fill-mailbox.ts';
import { mailCorpus } from '../support/mail-corpus.ts';
import { snapshotMailbox } from '../support/mailbox-snapshot.ts';
import { type SynthesisedCloud, synthesiseCloud } from '../support/synthesised-cloud.ts';

const LONG = 240_000;
const MAX_BYTES = 1_500_000;
const PASSWORD = 'secret-4711';
const ANNA = 'anna@new.example';

const ALL = { ...FUNCTIONS, signInClaims: SIGN_IN_FUNCTION };
type Name = keyof typeof ALL;

/*
 * The bundles as `cdk` makes them, outside the repository, under the Node of the Lambda runtime: each is invoked with
 * real events against the embedded services, and together they move a mailbox from one Dovecot to another.
 */
describe('the bundles of the functions', () => {
  let synthesised: SynthesisedCloud;
  let source: Dovecot;
  let destination: Dovecot;
  let stateDir: string;
  let local: LocalCloud;
  let clients: AwsClients;
  const bundles = new Map<Name, BundledFunction>();
  const sizes = new Map<Name, number>();
  const files = new Map<Name, string[]>();

  const invoke = (name: Name, event: unknown): Promise<unknown> => {
    const bundle = bundles.get(name);
    if (bundle === undefined) throw new Error(`The bundle ${name} did not start.`);
    return bundle.invoke(event);
  };
  const call = async (method: Method, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const reply = Object(await invoke('api', apiEvent(method, path, { tenant: 'acme' }, body)));
    if (reply.statusCode >= 300) throw new Error(`${method} ${path}: ${reply.statusCode} ${reply.body}`);
    return Object(JSON.parse(reply.body));
  };

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-bundles-'));
    [synthesised, source, destination, local] = await Promise.all([
      synthesiseCloud({}, { bundled: true }),
      startDovecot({ users: { anna: PASSWORD } }),
      startDovecot({ users: { [ANNA]: PASSWORD } }),
      startLocalCloud({ stateDir, syncWrites: false, variables: { MAILHAUL_LOG_LEVEL: 'INFO' } }),
    ]);
    await fillMailbox(source.access('anna'), mailCorpus({ messages: 300 }));
    Object.assign(process.env, local.environment);
    clients = createClients(local.environment);
    // one after the other: the time of an import is not to be that of six
    for (const [name, { timeoutSeconds }] of Object.entries(ALL) as Array<[Name, (typeof ALL)[Name]]>) {
      const end =
        name === 'signInClaims' ? '/Users/Claims/Function/Resource' : `/Pipeline/${name}/Function/Resource`;
      const folder = synthesised.assetFolder(synthesised.resource('AWS::Lambda::Function', end));
      files.set(name, (await readdir(folder)).sort());
      sizes.set(name, (await stat(join(folder, 'index.mjs'))).size);
      const environment = { ...local.environment, ...FUNCTION_MEMORY };
      bundles.set(name, await startBundledFunction(folder, { environment, timeoutSeconds }));
    }
  }, LONG);
  afterAll(async () => {
    for (const bundle of bundles.values()) await bundle[Symbol.asyncDispose]();
    clients?.destroy();
    await local?.close();
    await synthesised?.[Symbol.asyncDispose]();
    await Promise.all([source?.stop(), destination?.stop()]);
    await rm(stateDir, { recursive: true, force: true });
  });

  test.each(Object.keys(ALL) as Name[])('%s is small and is loaded', (name) => {
    const bytes = sizes.get(name) ?? Number.NaN;
    const bundle = bundles.get(name);
    process.stdout.write(
      `bundle ${name}: ${bytes} bytes, cold import ${bundle?.coldImportMs.toFixed(0)} ms\n`,
    );
    expect(process.version).toMatch(/^v24\./);
    expect(files.get(name)).toEqual(['index.mjs', 'index.mjs.map']);
    expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
  });

  test(
    'move a mailbox together: the API, the timer, the planner and the workers',
    async () => {
      await call('POST', '/v1/users', { email: ANNA, displayName: 'Anna' });
      const endpoint = ({ tlsPort, ca }: Dovecot) => ({
        host: 'localhost',
        port: tlsPort,
        security: 'tls',
        ca,
      });
      await call('PUT', '/v1/destination', {
        endpoint: endpoint(destination),
        signIn: { kind: 'user-password' },
        test: { user: ANNA, password: PASSWORD },
      });
      const connected = await call('POST', '/v1/connections', {
        provider: 'other',
        endpoint: endpoint(source),
        account: { user: 'anna', password: PASSWORD },
      });
      const created = await call('POST', '/v1/migrations', {
        connectionId: deepText(connected, 'connectionId'),
        mailboxes: [{ email: ANNA, sourceUser: 'anna', password: PASSWORD, destinationPassword: PASSWORD }],
        start: true,
      });
      expect(await invoke('resyncTimer', {})).toMatchObject({ failed: 0 });
      await deliverAll(clients.sqs, local, invoke);
      const listed = await call('GET', `/v1/migrations/${deepText(created, 'migrationId')}/mailboxes`);
      expect(deepText(listed, 'status')).toBe('synced');
      const comparison = compareMailboxes(
        await snapshotMailbox(source.access('anna')),
        await snapshotMailbox(destination.access(ANNA)),
      );
      expect(comparison.report).toBe('equal: 300 messages');
    },
    LONG,
  );

  test('take a chunk and a dead letter of a mailbox that is not there', async () => {
    const message = (body: unknown) =>
      toSqsEvent([{ MessageId: 'm', Body: JSON.stringify(body) }], 'arn:aws:sqs:x:y:z');
    const done = { batchItemFailures: [] };
    const chunk = { v: 1, tenant: 'acme', mailboxId: 'gone', pass: 1 };
    expect(await invoke('syncChunk', message(chunk))).toEqual(done);
    expect(await invoke('deadLetters', message(chunk))).toEqual(done);
    expect(await invoke('deadLetters', message('rubbish'))).toEqual(done);
    expect(await invoke('syncChunk', message('rubbish'))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm' }],
    });
  });

  test('put the tenant into a token', async () => {
    const event = {
      version: '2',
      request: { userAttributes: { 'custom:tenant': 'acme' }, groupConfiguration: {} },
      response: { claimsAndScopeOverrideDetails: null },
    };
    expect(await invoke('signInClaims', event)).toMatchObject({
      response: {
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: { claimsToAddOrOverride: { tenant: 'acme' } },
        },
      },
    });
  });
});

/** Gives the functions what is on their queues until nothing is left. */
async function deliverAll(
  sqs: SQSClient,
  local: LocalCloud,
  invoke: (name: Name, event: unknown) => Promise<unknown>,
): Promise<void> {
  const consumers = [
    ['planPass', local.queues.passes],
    ['syncChunk', local.queues.chunks],
  ] as const;
  for (let idle = 0; idle < 2; ) {
    idle += 1;
    for (const [name, queue] of consumers) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue.url,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['All'],
        }),
      );
      if (Messages.length > 0) idle = 0;
      const outcomes = await Promise.all(
        Messages.map((message) => invoke(name, toSqsEvent([message], queue.arn))),
      );
      for (const outcome of outcomes) expect(outcome).toEqual({ batchItemFailures: [] });
    }
  }
}
