import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { adoptEnvironment } from '../../../infra/local/adopt-environment.ts';
import { type LocalCloud, startLocalCloud } from '../../../infra/local/local-cloud.ts';

describe('the AWS SDK in a process that has adopted a local cloud', () => {
  let stateDir: string;
  let cloud: LocalCloud;
  const before = { ...process.env };

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-environment-'));
    cloud = await startLocalCloud({ stateDir });
  });
  afterEach(async () => {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, before);
    await cloud.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  test('finds its services, whatever AWS settings the shell had', async () => {
    Object.assign(process.env, {
      AWS_PROFILE: 'production',
      AWS_ACCESS_KEY_ID: 'AKIAREAL',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_SESSION_TOKEN: 'real',
      AWS_ENDPOINT_URL: 'https://aws.example',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      MAILHAUL_LANES: '3',
    });
    adoptEnvironment(cloud.environment, process.env);
    const tables = await new DynamoDBClient({}).send(new ListTablesCommand({}));
    const queues = await new SQSClient({}).send(new ListQueuesCommand({}));
    const secrets = await new SecretsManagerClient({}).send(new ListSecretsCommand({}));
    expect(tables.TableNames).toEqual([cloud.environment['MAILHAUL_TABLE']]);
    expect(queues.QueueUrls).toHaveLength(4);
    expect(secrets.SecretList).toEqual([]);
    expect(process.env['AWS_PROFILE']).toBeUndefined();
    expect(process.env['MAILHAUL_LANES']).toBe('3');
  });
});
