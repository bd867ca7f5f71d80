import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StateRefusedError, StateUnavailableError } from '../../../shared/state/errors.ts';
import { StateTable } from '../../../shared/state/state-table.ts';
import { rangeOf } from '../../../shared/state/table-query.ts';
import { impatient, startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
});
afterAll(() => cloud.close());

const item = (pk: string, index: number) => ({ pk, sk: `ITEM#${String(index).padStart(3, '0')}`, index });

/** A table that takes only the first `taken` of each batch and gives back the rest; it counts the waits between. */
function reluctantTable(taken: number): { table: StateTable; waits: number[] } {
  const clients = cloud.clients();
  const waits: number[] = [];
  clients.documents.middlewareStack.add(
    (next) => async (args) => {
      const input = args.input as { RequestItems?: Record<string, unknown> }; // batches have it, others not
      const requests = input.RequestItems?.[cloud.table];
      if (Array.isArray(requests)) {
        const answer = await next({
          ...args,
          input: { ...input, RequestItems: { [cloud.table]: requests.slice(0, taken) } },
        });
        const rest: unknown[] = requests.slice(taken);
        Object.assign(answer.output, { UnprocessedItems: rest.length === 0 ? {} : { [cloud.table]: rest } });
        return answer;
      }
      return next(args);
    },
    { step: 'initialize', priority: 'low' },
  );
  const delay = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  return { table: new StateTable(clients.documents, cloud.table, { random: () => 0.5, delay }), waits };
}

describe('a batch', () => {
  test('of which DynamoDB leaves some is sent again until all is done, with growing pauses', async () => {
    const pk = cloud.tenant();
    const { table, waits } = reluctantTable(6);
    await table.batchWrite(Array.from({ length: 25 }, (_unused, index) => ({ put: item(pk, index) })));
    expect(await table.queryAll(rangeOf(pk, 'ITEM#'))).toHaveLength(25);
    expect(waits).toEqual([25, 50, 100, 200]);
  });

  test('that never comes to its end ends in a typed error', async () => {
    const pk = cloud.tenant();
    const { table } = reluctantTable(1);
    const writing = table.batchWrite(
      Array.from({ length: 25 }, (_unused, index) => ({ put: item(pk, index) })),
    );
    await expect(writing).rejects.toThrow(StateUnavailableError);
  });

  test('of more keys than one request takes is read whole', async () => {
    const pk = cloud.tenant();
    const table = new StateTable(cloud.clients().documents, cloud.table, impatient);
    const items = Array.from({ length: 230 }, (_unused, index) => item(pk, index));
    await table.batchWrite(items.map((put) => ({ put })));
    const found = await table.batchGet([...items.map(({ sk }) => ({ pk, sk })), { pk, sk: 'ITEM#none' }]);
    expect(found.map(({ index }) => index).toSorted((a, b) => Number(a) - Number(b))).toEqual(
      items.map(({ index }) => index),
    );
    await table.batchWrite(items.map(({ sk }) => ({ delete: { pk, sk } })));
    expect(await table.count(rangeOf(pk, 'ITEM#'))).toBe(0);
  });
});

/** A table whose every request ends in this error. */
function failing(error: Error): StateTable {
  const clients = cloud.clients();
  const fail = async (): Promise<never> => {
    throw error;
  };
  clients.documents.middlewareStack.add(() => fail, { step: 'initialize' });
  return new StateTable(clients.documents, cloud.table, impatient);
}

function exception(name: string, httpStatusCode: number): Error {
  return new DynamoDBServiceException({
    name,
    $fault: 'server',
    message: 'no',
    $metadata: { httpStatusCode },
  });
}

describe('a request that fails', () => {
  test.each([
    exception('ProvisionedThroughputExceededException', 400),
    exception('ThrottlingException', 400),
    exception('RequestLimitExceeded', 400),
    exception('InternalServerError', 500),
    exception('SomethingNew', 503),
    Object.assign(new Error('timed out'), { name: 'TimeoutError' }),
    Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
  ])('with %s may be tried again later', async (error) => {
    const reading = failing(error).get({ pk: 'a', sk: 'b' });
    await expect(reading).rejects.toThrow(StateUnavailableError);
    await expect(reading).rejects.toMatchObject({ code: 'StateUnavailable', retryable: true, cause: error });
  });

  test.each([
    exception('ResourceNotFoundException', 400),
    exception('AccessDeniedException', 400),
    new Error('bug'),
  ])('with %s is refused for good', async (error) => {
    await expect(failing(error).get({ pk: 'a', sk: 'b' })).rejects.toThrow(StateRefusedError);
  });

  test('because nothing listens at the endpoint may be tried again later', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // a TCP server's address
    await new Promise((resolve) => server.close(resolve));
    const before = process.env['AWS_ENDPOINT_URL_DYNAMODB'];
    process.env['AWS_ENDPOINT_URL_DYNAMODB'] = `http://127.0.0.1:${port}`;
    const clients = cloud.clients();
    try {
      const reading = new StateTable(clients.documents, cloud.table, impatient).get({ pk: 'a', sk: 'b' });
      await expect(reading).rejects.toThrow(StateUnavailableError);
    } finally {
      process.env['AWS_ENDPOINT_URL_DYNAMODB'] = before;
    }
  });
});
