import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { AwsClients } from '../../../shared/aws-clients/create-clients.ts';
import { QueueSendError } from '../../../shared/queue/errors.ts';
import {
  type PassMessage,
  parseChunkMessage,
  parsePassMessage,
} from '../../../shared/queue/queue-messages.ts';
import { createQueues, type Queues } from '../../../shared/queue/queues.ts';
import { createRequestCounter, type RequestCounter } from '../../../shared/telemetry/request-counter.ts';
import { impatient, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let cloud: TestCloud;

beforeEach(async () => {
  cloud = await startTestCloud();
});
afterEach(() => cloud.close());

const queuesOf = (clients: AwsClients): Queues =>
  createQueues(clients.sqs, {
    passesUrl: cloud.cloud.queues.passes.url,
    chunksUrl: cloud.cloud.queues.chunks.url,
    pacing: impatient,
  });
const counted = (): { queues: Queues; counter: RequestCounter; clients: AwsClients } => {
  const clients = cloud.clients();
  const counter = createRequestCounter();
  counter.attach(clients.sqs);
  return { queues: queuesOf(clients), counter, clients };
};
const pass = (index: number, tenant = 'acme'): PassMessage => ({
  v: 1,
  tenant,
  mailboxId: `mailbox-${index}`,
  reason: 'start',
});

/** All that waits on a queue, read until it is empty. */
async function drain(url: string) {
  const client = cloud.clients().sqs;
  const bodies: string[] = [];
  for (;;) {
    const receive = new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await client.send(receive);
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body }) => Body ?? ''));
  }
}

/** The group of each message that is sent from now on, with its queue; the embedded SQS does not tell it. */
function sentGroups(clients: AwsClients): string[] {
  const groups: string[] = [];
  clients.sqs.middlewareStack.add(
    (next) => (args) => {
      const input = args.input as { QueueUrl: string; Entries: Array<{ MessageGroupId?: string }> }; // batches only
      groups.push(...input.Entries.map(({ MessageGroupId }) => `${input.QueueUrl} ${MessageGroupId ?? ''}`));
      return next(args);
    },
    { step: 'initialize' },
  );
  return groups;
}

/** SQS that fails some entries of the batches it gets, as told by `fails`. */
function partial(
  clients: AwsClients,
  fails: (
    entry: { Id: string; MessageBody: string },
    request: number,
  ) => { Code: string; SenderFault: boolean } | undefined,
): void {
  let request = 0;
  clients.sqs.middlewareStack.add(
    (next) => async (args) => {
      request += 1;
      const input = args.input as { QueueUrl: string; Entries: Array<{ Id: string; MessageBody: string }> }; // batches only
      const failed = input.Entries.flatMap((entry) => {
        const failure = fails(entry, request);
        return failure === undefined ? [] : [{ Id: entry.Id, ...failure }];
      });
      const rest = input.Entries.filter(({ Id }) => !failed.some((failure) => failure.Id === Id));
      if (rest.length === 0)
        return { output: { $metadata: {}, Failed: failed, Successful: [] }, response: {} };
      const answer = await next({ ...args, input: { ...input, Entries: rest } });
      Object.assign(answer.output, { Failed: failed });
      return answer;
    },
    { step: 'initialize' },
  );
}

describe('messages', () => {
  test('go in batches of ten and arrive as they were sent', async () => {
    const { queues, counter } = counted();
    const messages = Array.from({ length: 25 }, (_unused, index) => pass(index));
    await queues.sendPasses(messages);
    expect(counter.counts()).toEqual({ SQS: { SendMessageBatch: 3 } });
    const received = (await drain(cloud.cloud.queues.passes.url)).map(parsePassMessage);
    expect(received).toHaveLength(25);
    expect(received).toEqual(expect.arrayContaining(messages));
  });

  test('may be equal: one for each lane', async () => {
    const { queues } = counted();
    const message = { v: 1, tenant: 'acme', mailboxId: 'm', pass: 3 } as const;
    await queues.sendChunks([message, message, message]);
    expect((await drain(cloud.cloud.queues.chunks.url)).map(parseChunkMessage)).toEqual([
      message,
      message,
      message,
    ]);
  });

  test('of tenants of any name are taken and do not block one another', async () => {
    const { queues } = counted();
    const tenants = ['acme', 'ä ö/ü', 'x'.repeat(300), '😀'];
    await queues.sendPasses(tenants.flatMap((tenant) => [pass(1, tenant), pass(2, tenant)]));
    // all at once, none deleted: a group is no order here
    expect(await drain(cloud.cloud.queues.passes.url)).toHaveLength(2 * tenants.length);
  });

  test('have their tenant as group, by which SQS is fair to the others', async () => {
    const { queues, clients } = counted();
    const groups = sentGroups(clients);
    await queues.sendPasses([pass(1, 'acme'), pass(2, 'globex')]);
    await queues.sendChunks([{ v: 1, tenant: 'acme', mailboxId: 'm', pass: 1 }]);
    const { passes, chunks } = cloud.cloud.queues;
    expect(groups).toEqual([`${passes.url} acme`, `${passes.url} globex`, `${chunks.url} acme`]);
  });

  test('sent with a delay are not there yet', async () => {
    const { queues } = counted();
    await queues.sendPasses([pass(1)], { delaySeconds: 900 });
    expect(await drain(cloud.cloud.queues.passes.url)).toEqual([]);
  });

  test('none need no request', async () => {
    const { queues, counter } = counted();
    await queues.sendPasses([]);
    expect(counter.total()).toBe(0);
  });

  test('that SQS could not take at first are sent again, and only those', async () => {
    const { queues, counter, clients } = counted();
    partial(clients, ({ Id }, request) =>
      request < 3 && Id === '4' ? { Code: 'InternalError', SenderFault: false } : undefined,
    );
    await queues.sendPasses(Array.from({ length: 10 }, (_unused, index) => pass(index)));
    expect(await drain(cloud.cloud.queues.passes.url)).toHaveLength(10);
    expect(counter.total('SQS')).toBe(2);
  });

  test('that SQS never takes end in a typed error that says how many', async () => {
    const { queues, clients } = counted();
    partial(clients, ({ Id }) =>
      Number(Id) < 2 ? { Code: 'InternalError', SenderFault: false } : undefined,
    );
    const sending = queues.sendPasses(Array.from({ length: 10 }, (_unused, index) => pass(index)));
    await expect(sending).rejects.toThrow(QueueSendError);
    await expect(sending).rejects.toMatchObject({
      queue: 'passes',
      failed: 2,
      reasons: ['InternalError'],
      retryable: true,
    });
  });

  test('that SQS finds faulty are not sent again', async () => {
    const { queues, clients, counter } = counted();
    partial(clients, ({ Id }) =>
      Id === '0' ? { Code: 'InvalidMessageContents', SenderFault: true } : undefined,
    );
    const sending = queues.sendChunks([
      { v: 1, tenant: 'a', mailboxId: 'm', pass: 1 },
      { v: 1, tenant: 'b', mailboxId: 'm', pass: 1 },
    ]);
    await expect(sending).rejects.toMatchObject({ failed: 1, retryable: false });
    expect(counter.total()).toBe(1);
  });

  test('to a queue that does not exist end in a typed error', async () => {
    const { clients } = counted();
    const url = `${cloud.cloud.queues.passes.url}-gone`;
    const sending = createQueues(clients.sqs, { passesUrl: url, chunksUrl: url }).sendPasses([pass(1)]);
    await expect(sending).rejects.toMatchObject({ code: 'QueueSend', failed: 1, retryable: false });
  });
});
