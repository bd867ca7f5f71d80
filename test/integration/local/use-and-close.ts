/**
 * Run as a process of its own by the tests of the services' thread: starts a local cloud in the folder that is named,
 * asks for its tables and closes it twice, as many times as is said. It prints what became of each, as a line of JSON,
 * and ends only if nothing is left open.
 */
import { once } from 'node:events';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { startLocalCloud } from '../../../infra/local/local-cloud.ts';

const [stateDir = '', starts = ''] = process.argv.slice(2);

async function listTables(environment: Readonly<Record<string, string>>): Promise<string> {
  Object.assign(process.env, environment);
  const client = new DynamoDBClient({ maxAttempts: 1 });
  try {
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    return TableNames.join();
  } catch (error) {
    return `failed: ${error instanceof Error}`;
  } finally {
    client.destroy();
  }
}

for (let start = 0; start < Number(starts); start += 1) {
  const cloud = await startLocalCloud({ stateDir });
  const tables = await listTables(cloud.environment);
  if (tables.startsWith('failed') && !cloud.died.aborted) await once(cloud.died, 'abort');
  const reason: unknown = cloud.died.reason;
  await Promise.all([cloud.close(), cloud.close()]);
  const died =
    reason instanceof Error && 'code' in reason
      ? { name: reason.name, code: reason.code, message: reason.message, cause: String(reason.cause) }
      : null;
  process.stdout.write(`${JSON.stringify({ tables, died })}\n`);
}
