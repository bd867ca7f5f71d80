import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type CloudUnderTest, cloudUnderTest } from './cloud-under-test.ts';

const LONG_POLL_SECONDS = 5;
const POLLS = 12;

describe('SQS', () => {
  let cloud: CloudUnderTest;
  let client: SQSClient;
  const queues: string[] = [];

  beforeAll(async () => {
    cloud = await cloudUnderTest('SQS');
    client = new SQSClient({ ...cloud.connection, useQueueUrlAsEndpoint: false });
  });

  afterAll(async () => {
    for (const QueueUrl of queues) await client.send(new DeleteQueueCommand({ QueueUrl }));
    client.destroy();
    await cloud[Symbol.asyncDispose]();
  });

  async function createQueue(attributes: Record<string, string> = {}): Promise<string> {
    const QueueName = `mailhaul-conformance-${cloud.run}-${queues.length}`;
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes: attributes }));
    if (QueueUrl === undefined) throw new TypeError('The queue has no address.');
    queues.push(QueueUrl);
    return QueueUrl;
  }

  async function arnOf(QueueUrl: string): Promise<string> {
    const answer = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    return answer.Attributes?.['QueueArn'] ?? '';
  }

  /** Asks, with long polling, until so many messages have come. */
  async function receive(QueueUrl: string, count: number): Promise<Message[]> {
    const messages: Message[] = [];
    for (let poll = 0; poll < POLLS && messages.length < count; poll += 1) {
      const answer = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: LONG_POLL_SECONDS,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      );
      messages.push(...(answer.Messages ?? []));
    }
    return messages;
  }

  test('delivers the messages of a batch, each with its body, attributes and counts', async () => {
    const QueueUrl = await createQueue();
    const bodies = Array.from({ length: 10 }, (_, n) => JSON.stringify({ v: 1, n, text: 'Zażółć' }));
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: bodies.map((MessageBody, n) => ({
          Id: String(n),
          MessageBody,
          MessageAttributes: { kind: { DataType: 'String', StringValue: 'chunk' } },
        })),
      }),
    );
    expect(sent.Successful).toHaveLength(10);
    const messages = await receive(QueueUrl, 10);
    expect(messages.map((message) => message.Body ?? '').toSorted()).toEqual(bodies.toSorted());
    for (const message of messages) {
      expect(message.MessageAttributes?.['kind']).toMatchObject({ DataType: 'String', StringValue: 'chunk' });
      expect(message.Attributes?.['ApproximateReceiveCount']).toBe('1');
      expect(Number(message.Attributes?.['SentTimestamp'])).toBeGreaterThan(0);
    }
  });

  test('takes a message group on a standard queue, which makes it a fair one', async () => {
    const QueueUrl = await createQueue();
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [{ Id: 'a', MessageBody: '{}', MessageGroupId: 'tenant-1' }],
      }),
    );
    expect(sent.Successful).toHaveLength(1);
    expect(await receive(QueueUrl, 1)).toHaveLength(1);
  });

  test('a batch of which one message is not valid delivers the others and names that one', async () => {
    const QueueUrl = await createQueue({ MaximumMessageSize: '1024' });
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'good', MessageBody: 'good' },
          { Id: 'bad', MessageBody: '\u0000' },
        ],
      }),
    );
    expect(sent.Successful?.map((entry) => entry.Id)).toEqual(['good']);
    expect(sent.Failed).toMatchObject([{ Id: 'bad', SenderFault: true }]);
  });

  test('a batch of more than ten is refused', async () => {
    const QueueUrl = await createQueue();
    const Entries = Array.from({ length: 11 }, (_, n) => ({ Id: String(n), MessageBody: 'x' }));
    await expect(client.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({
      name: expect.stringContaining('TooManyEntriesInBatchRequest'),
    });
  });

  test('hides a received message, and delivers it again when its visibility time is over', async () => {
    const QueueUrl = await createQueue({ VisibilityTimeout: '1' });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'again' }));
    const [first] = await receive(QueueUrl, 1);
    const hidden = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 0 }));
    expect(hidden.Messages ?? []).toEqual([]);
    const [second] = await receive(QueueUrl, 1);
    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.Attributes?.['ApproximateReceiveCount']).toBe('2');
  });

  test('delivers a message at once when its visibility is changed to nothing', async () => {
    const QueueUrl = await createQueue({ VisibilityTimeout: '43200' });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'back' }));
    const [first] = await receive(QueueUrl, 1);
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: first?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
    const [second] = await receive(QueueUrl, 1);
    expect(second?.MessageId).toBe(first?.MessageId);
  });

  test('a deleted message does not come again, and deleting it once more is no error', async () => {
    const QueueUrl = await createQueue({ VisibilityTimeout: '1' });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'gone' }));
    const [message] = await receive(QueueUrl, 1);
    const removed = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [{ Id: '0', ReceiptHandle: message?.ReceiptHandle }],
      }),
    );
    expect(removed.Successful).toHaveLength(1);
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    const later = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 2 }));
    expect(later.Messages ?? []).toEqual([]);
  });

  test('keeps a delayed message back', async () => {
    const QueueUrl = await createQueue();
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 2 }));
    const now = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 0 }));
    expect(now.Messages ?? []).toEqual([]);
    expect(await receive(QueueUrl, 1)).toMatchObject([{ Body: 'later' }]);
  });

  test('moves a message that was received too often to the dead-letter queue', async () => {
    const deadUrl = await createQueue();
    const QueueUrl = await createQueue({
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: await arnOf(deadUrl), maxReceiveCount: 2 }),
    });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
    expect(await receive(QueueUrl, 2)).toHaveLength(2);
    await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
    expect(await receive(deadUrl, 1)).toMatchObject([{ Body: 'poison' }]);
  });

  test('a queue that does not exist is named by its error', async () => {
    const QueueUrl = `${await createQueue()}-not`;
    await expect(client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))).rejects.toMatchObject({
      name: expect.stringMatching(/QueueDoesNotExist|NonExistentQueue/),
    });
  });
});
