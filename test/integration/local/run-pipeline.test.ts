import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type LocalCloud, startLocalCloud } from '../../../infra/local/local-cloud.ts';
import {
  type PipelineHandlers,
  type RunningPipeline,
  runPipeline,
} from '../../../infra/local/run-pipeline.ts';
import { readEnvironment } from '../../../shared/environment/read-environment.ts';
import { eventually } from '../../support/eventually.ts';

describe('the pipeline on one machine', () => {
  let stateDir: string;
  let cloud: LocalCloud;
  let pipeline: RunningPipeline | undefined;
  let client: SQSClient;
  let log: string[];

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-pipeline-'));
    cloud = await startLocalCloud({ stateDir, visibilitySeconds: 1 });
    client = new SQSClient({
      region: cloud.environment['AWS_REGION'] ?? '',
      endpoint: cloud.environment['AWS_ENDPOINT_URL_SQS'] ?? '',
      credentials: cloud.credentials,
    });
    log = [];
  });
  afterEach(async () => {
    await pipeline?.stop(0);
    pipeline = undefined;
    client.destroy();
    await cloud.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  async function run(handlers: Partial<PipelineHandlers> = {}): Promise<RunningPipeline> {
    pipeline = await runPipeline(cloud, {
      api: async (event) => ({ statusCode: 200, body: event.rawPath }),
      planPass: async ({ Records }) => {
        log.push(...Records.map(({ body }) => `plan ${body}`));
      },
      syncChunk: async ({ Records }) => {
        log.push(...Records.map(({ body }) => `sync ${body}`));
      },
      resyncTimer: async ({ detail }) => {
        log.push(`timer ${JSON.stringify(detail)}`);
      },
      deadLetters: async ({ Records }) => {
        log.push(
          ...Records.map(({ body, eventSourceARN }) => `dead ${body} ${eventSourceARN.split(':').at(-1)}`),
        );
      },
      ...handlers,
    });
    return pipeline;
  }

  async function send(queue: 'passes' | 'chunks', body: string): Promise<void> {
    await client.send(new SendMessageCommand({ QueueUrl: cloud.queues[queue].url, MessageBody: body }));
  }

  async function logged(line: string): Promise<void> {
    await eventually(`the log holds "${line}"`, () => log.includes(line));
  }

  test('sets every variable that the functions ask for', () => {
    expect(readEnvironment(cloud.environment)).toMatchObject({
      table: 'mailhaul',
      passesQueueUrl: cloud.queues.passes.url,
      chunksQueueUrl: cloud.queues.chunks.url,
      secretPrefix: 'mailhaul/',
      allowPrivateAddresses: true,
      region: 'us-east-1',
    });
  });

  test('has another epoch after each start, so that the leases of the dead are free', async () => {
    const before = cloud.environment['MAILHAUL_EPOCH'];
    await cloud.close();
    cloud = await startLocalCloud({ stateDir });
    expect(cloud.environment['MAILHAUL_EPOCH']).not.toBe(before);
  });

  test('wakes left-over work at once, and carries messages from queues to functions', async () => {
    await run();
    await logged('timer {"boot":true}');
    await send('passes', 'p');
    await send('chunks', 'c');
    await logged('plan p');
    await logged('sync c');
    expect(log.toSorted()).toEqual(['plan p', 'sync c', 'timer {"boot":true}']);
  });

  test('takes what failed too often to the dead-letters function', async () => {
    await run({ syncChunk: () => Promise.reject(new Error('always')) });
    await send('chunks', 'poison');
    await logged('dead poison mailhaul-chunks-dead');
    expect(log.filter((line) => line.startsWith('dead'))).toHaveLength(1);
  });

  test('serves the API to those who bear a token that it issued', async () => {
    const { url, issueToken } = await run();
    const token = await issueToken({ tenant: 't', scopes: [], expiresInSeconds: 60 });
    const response = await fetch(`${url}/v1/migrations`, { headers: { authorization: `Bearer ${token}` } });
    expect([response.status, await response.text()]).toEqual([200, '/v1/migrations']);
    expect((await fetch(`${url}/v1/migrations`)).status).toBe(401);
  });

  test('serves further routes, such as the files of a console', async () => {
    const running = await runPipeline(
      cloud,
      {
        api: async () => ({ statusCode: 200 }),
        planPass: async () => undefined,
        syncChunk: async () => undefined,
        resyncTimer: async () => undefined,
        deadLetters: async () => undefined,
      },
      {
        routes: [
          {
            method: 'GET',
            path: '/{file+}',
            access: { kind: 'open' },
            target: { kind: 'listener', listen: (_, response) => void response.end('page') },
          },
        ],
      },
    );
    pipeline = running;
    expect(await (await fetch(`${running.url}/index.html`)).text()).toBe('page');
  });

  test('lets a function hand over when it stops: it sees its time run out, and is waited for', async () => {
    const left: number[] = [];
    const { stop } = await run({
      syncChunk: async (_, context) => {
        log.push('began');
        await eventually(
          'the function sees its time run out',
          () => context.getRemainingTimeInMillis() < 30_000,
        );
        left.push(context.getRemainingTimeInMillis());
        log.push('handed over');
      },
    });
    await send('chunks', 'c');
    await logged('began');
    await stop(20_000);
    log.push('stopped');
    expect(log.slice(-2)).toEqual(['handed over', 'stopped']);
    expect(left[0]).toBeLessThanOrEqual(20_000);
  });

  test('abandons a function that does not hand over, and tells it by its signal', async () => {
    const ended = Promise.withResolvers<string>();
    const { stop } = await run({
      syncChunk: (_, { signal }) =>
        new Promise((resolve) => {
          log.push('began');
          signal.addEventListener('abort', () => {
            ended.resolve(String(signal.reason));
            resolve(undefined);
          });
        }),
    });
    await send('chunks', 'c');
    await logged('began');
    await stop(10);
    expect(await ended.promise).toContain('The process ends');
  });
});
