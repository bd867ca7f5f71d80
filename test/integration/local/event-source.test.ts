import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { Drain } from '../../../infra/local/functions/drain.ts';
import type { LocalContext } from '../../../infra/local/functions/local-function.ts';
import { type LocalCloud, startLocalCloud } from '../../../infra/local/local-cloud.ts';
import { EventSource, type EventSourceOptions } from '../../../infra/local/queues/event-source.ts';
import { QUEUES } from '../../../infra/resources.ts';
import { systemClock } from '../../../shared/migration/clock.ts';
import { eventually } from '../../support/eventually.ts';

type Handler = (event: SQSEvent, context: LocalContext) => Promise<SQSBatchResponse | void>;

describe('an event source', () => {
  let stateDir: string;
  let cloud: LocalCloud;
  let client: SQSClient;
  let sources: EventSource[];

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-events-'));
    cloud = await startLocalCloud({ stateDir, visibilitySeconds: 1 });
    client = new SQSClient({
      region: cloud.environment['AWS_REGION'] ?? '',
      endpoint: cloud.environment['AWS_ENDPOINT_URL_SQS'] ?? '',
      credentials: cloud.credentials,
    });
    sources = [];
  });
  afterEach(async () => {
    await Promise.all(sources.map((source) => source.stop()));
    client.destroy();
    await cloud.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  function listen(
    handler: Handler,
    options: Partial<EventSourceOptions> & { timeoutMs?: number } = {},
  ): EventSource {
    const { logger } = cloud;
    const clock = systemClock;
    const source = new EventSource({
      clock,
      logger,
      drain: new Drain(clock),
      client,
      queue: cloud.queues.passes,
      batchSize: 1,
      maximumConcurrency: 5,
      ...options,
      fn: { name: 'plan-pass', handler, timeoutMs: options.timeoutMs ?? 60_000, memoryMb: 128 },
    });
    sources.push(source);
    return source;
  }

  async function send(...bodies: string[]): Promise<void> {
    await client.send(
      new SendMessageBatchCommand({
        QueueUrl: cloud.queues.passes.url,
        Entries: bodies.map((MessageBody, n) => ({
          Id: String(n),
          MessageBody,
          MessageAttributes: { kind: { DataType: 'String', StringValue: 'pass' } },
        })),
      }),
    );
  }

  async function messagesIn(url: string): Promise<number> {
    const answer = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(answer.Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
  }

  async function emptied(): Promise<void> {
    await eventually('the queue is empty', async () => (await messagesIn(cloud.queues.passes.url)) === 0);
  }

  test('hands a message over in the shape of Lambda, and deletes it', async () => {
    const events: SQSEvent[] = [];
    listen(async (event) => {
      events.push(event);
    });
    await send('{"v":1}');
    await emptied();
    expect(events).toEqual([
      {
        Records: [
          {
            messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
            receiptHandle: expect.any(String),
            body: '{"v":1}',
            attributes: expect.objectContaining({
              ApproximateReceiveCount: '1',
              SentTimestamp: expect.stringMatching(/^\d+$/),
              ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d+$/),
            }),
            messageAttributes: {
              kind: { dataType: 'String', stringValue: 'pass', stringListValues: [], binaryListValues: [] },
            },
            md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
            eventSource: 'aws:sqs',
            eventSourceARN: cloud.queues.passes.arn,
            awsRegion: 'us-east-1',
          },
        ],
      },
    ]);
  });

  test('never runs more invocations at one time than it may, and in the end delivers all', async () => {
    let running = 0;
    let most = 0;
    const seen: string[] = [];
    await send('1', '2', '3', '4', '5', '6', '7', '8', '9');
    const gates: (() => void)[] = [];
    listen(
      async ({ Records }) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => {
          gates.push(resolve);
        });
        running -= 1;
        seen.push(...Records.map(({ body }) => body));
      },
      { maximumConcurrency: 3 },
    );
    await eventually('as many run as may', () => running === 3);
    while (seen.length < 9) {
      await eventually('one waits', () => gates.length > 0);
      gates.shift()?.();
      await new Promise(setImmediate);
    }
    await emptied();
    expect(most).toBe(3);
    expect(seen.toSorted()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  test('makes batches as large as it may, and no larger', async () => {
    const sizes: number[] = [];
    await send('1', '2', '3', '4', '5', '6', '7');
    listen(
      async ({ Records }) => {
        sizes.push(Records.length);
      },
      { batchSize: 3 },
    );
    await emptied();
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(7);
    expect(Math.max(...sizes)).toBe(3);
  });

  test('deletes what went well of a batch, and delivers what failed again', async () => {
    const seen: string[][] = [];
    await send('good', 'bad');
    listen(
      async ({ Records }) => {
        seen.push(Records.map(({ body }) => body));
        const bad = Records.filter(
          (record) => record.body === 'bad' && record.attributes.ApproximateReceiveCount === '1',
        );
        return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      },
      { batchSize: 10 },
    );
    await emptied();
    expect(seen).toEqual([['good', 'bad'], ['bad']]);
  });

  test.each([
    ['throws', () => Promise.reject(new Error('boom'))],
    ['throws at once', () => assertNever()],
    ['answers nonsense', () => Promise.resolve({ batchItemFailures: [{ itemIdentifier: 'z' }] })],
  ])('delivers a message again when the function %s', async (_, fail: () => Promise<SQSBatchResponse>) => {
    const counts: string[] = [];
    await send('x');
    listen(async ({ Records }) => {
      counts.push(...Records.map(({ attributes }) => attributes.ApproximateReceiveCount));
      return counts.length === 1 ? fail() : undefined;
    });
    await emptied();
    expect(counts).toEqual(['1', '2']);
  });

  test('abandons a function that overruns, and delivers its message again', async () => {
    const counts: string[] = [];
    const aborted: boolean[] = [];
    await send('x');
    listen(
      async ({ Records }, { signal }) => {
        counts.push(...Records.map(({ attributes }) => attributes.ApproximateReceiveCount));
        if (counts.length > 1) return;
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
        aborted.push(signal.aborted);
      },
      { timeoutMs: 50 },
    );
    await emptied();
    expect(counts).toEqual(['1', '2']);
    expect(aborted).toEqual([true]);
  });

  test('a message that always fails ends in the dead-letter queue, whose own source delivers it', async () => {
    const counts: string[] = [];
    const dead: string[] = [];
    await send('poison');
    listen(async ({ Records }) => {
      counts.push(...Records.map(({ attributes }) => attributes.ApproximateReceiveCount));
      throw new Error('always');
    });
    listen(
      async ({ Records }) => {
        dead.push(...Records.map(({ body }) => body));
      },
      { queue: cloud.queues.passes.deadLetter, batchSize: 10 },
    );
    await eventually('the message is dead', () => dead.length > 0);
    expect(dead).toEqual(['poison']);
    expect(counts).toEqual(Array.from({ length: QUEUES.passes.maxReceiveCount }, (_, n) => String(n + 1)));
    await eventually('the dead letter is dealt with', async () => {
      return (await messagesIn(cloud.queues.passes.deadLetter.url)) === 0;
    });
  });

  test('delivers every message twice when it is told to, the second looking like the first', async () => {
    const seen: string[] = [];
    await send('a', 'b');
    listen(
      async ({ Records }) => {
        for (const { messageId, body, messageAttributes } of Records) {
          seen.push(`${messageId} ${body} ${Object.keys(messageAttributes).join()}`);
        }
      },
      { doubleDelivery: true },
    );
    await eventually('all have come', () => seen.length === 4);
    await emptied();
    const kinds = [...new Set(seen)];
    expect(kinds).toHaveLength(2);
    expect(seen.toSorted()).toEqual([...kinds, ...kinds].toSorted());
  });

  test('stops only when what runs has ended, and takes nothing more', async () => {
    const gate = Promise.withResolvers<void>();
    const log: string[] = [];
    await send('first');
    const source = listen(
      async ({ Records }) => {
        log.push(...Records.map(({ body }) => body));
        await gate.promise;
        log.push('ended');
      },
      { maximumConcurrency: 1 },
    );
    await eventually('the function runs', () => log.length === 1);
    await send('second');
    const stopped = source.stop().then(() => log.push('stopped'));
    gate.resolve();
    await stopped;
    expect(log).toEqual(['first', 'ended', 'stopped']);
    expect(await messagesIn(cloud.queues.passes.url)).toBe(1);
  });
});

function assertNever(): never {
  throw new Error('boom');
}
