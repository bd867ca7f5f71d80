import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type LocalCloud, startLocalCloud } from '../../../infra/local/local-cloud.ts';

describe('the embedded services', () => {
  let stateDir: string;
  let cloud: LocalCloud;

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-access-'));
    cloud = await startLocalCloud({ stateDir });
  });
  afterEach(async () => {
    await cloud.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  function endpoint(service: string): string {
    return cloud.environment[`AWS_ENDPOINT_URL_${service}`] ?? '';
  }

  function ask(credentials: { accessKeyId: string; secretAccessKey: string }): Promise<unknown>[] {
    const options = { region: 'us-east-1', credentials };
    return [
      new DynamoDBClient({ ...options, endpoint: endpoint('DYNAMODB') }).send(new ListTablesCommand({})),
      new SQSClient({ ...options, endpoint: endpoint('SQS') }).send(new ListQueuesCommand({})),
      new SecretsManagerClient({ ...options, endpoint: endpoint('SECRETS_MANAGER') }).send(
        new ListSecretsCommand({}),
      ),
    ];
  }

  test('answer those who have the access key of this process, and nobody else on the machine', async () => {
    for (const answer of await Promise.allSettled(ask(cloud.credentials))) {
      expect(answer).toMatchObject({ status: 'fulfilled' });
    }
    const guessed = { accessKeyId: 'LOCALGUESS', secretAccessKey: 'x' };
    for (const answer of await Promise.allSettled(ask(guessed))) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { name: 'UnrecognizedClientException' } });
    }
  });

  test('live on when a client hangs up in the middle of a request', async () => {
    for (const service of ['DYNAMODB', 'SQS', 'SECRETS_MANAGER']) {
      await hangUp(endpoint(service));
    }
    expect(await Promise.all(ask(cloud.credentials))).toHaveLength(3);
  });
});

async function hangUp(endpoint: string): Promise<void> {
  const sent = request(endpoint, { method: 'POST', headers: { 'content-length': '1000' } });
  const closed = new Promise<void>((resolve) => {
    sent.once('close', resolve);
  });
  sent.on('error', () => undefined);
  sent.write('half a request', () => sent.destroy());
  await closed;
}
