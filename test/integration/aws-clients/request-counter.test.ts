import { createRequestCounter } from '../../../shared/telemetry/request-counter.ts';
import { createClients } from '../../../shared/aws-clients/create-clients.ts';
import { loseFirstAnswer } from '../../support/cut-clients.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.close());

describe('requests to AWS', () => {
  test('are counted by service and operation', async () => {
    const counter = createRequestCounter();
    const clients = createClients(cloud.cloud.environment, { counter });
    try {
      const tenant = cloud.tenant();
      await cloud
        .vault({ clients })
        .putService({ tenant, kind: 'destination' }, { kind: 'password', password: 'x' });
      expect(counter.counts()).toEqual({
        DynamoDB: { PutItem: 1, UpdateItem: 2 },
        SecretsManager: { CreateSecret: 1 },
      });
      await cloud.vault({ clients }).getService({ tenant, kind: 'destination' });
      expect(counter.counts()).toMatchObject({
        DynamoDB: { GetItem: 1 },
        SecretsManager: { GetSecretValue: 1 },
      });
      expect(counter.total('DynamoDB')).toBe(4);
      expect(counter.total('SecretsManager')).toBe(2);
      expect(counter.total()).toBe(6);
      counter.reset();
      expect(counter.counts()).toEqual({});
    } finally {
      clients.destroy();
    }
  });

  test('are counted again when the SDK sends them again', async () => {
    const counter = createRequestCounter();
    const clients = createClients(cloud.cloud.environment, { counter });
    try {
      loseFirstAnswer(clients, 'GetItem');
      await cloud.state({ clients }).users.get(cloud.tenant(), 'a@b.example');
      expect(counter.counts()).toEqual({ DynamoDB: { GetItem: 2 } });
    } finally {
      clients.destroy();
    }
  });
});
