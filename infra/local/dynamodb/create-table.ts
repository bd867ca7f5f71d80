import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { TABLE } from '../../resources.ts';
import { LocalServiceError } from '../errors.ts';

const NUMBER_KEYS: ReadonlySet<string> = new Set(TABLE.numberKeys);

const LOOKS = 100;

/** The table and its indexes as `infra/resources.ts` declares them, in the form that CreateTable takes. */
export function tableDefinition(name: string): CreateTableCommandInput {
  const indexes = Object.values(TABLE.indexes);
  const keys = new Set([
    TABLE.partitionKey,
    TABLE.sortKey,
    ...indexes.flatMap((index) => [index.partitionKey, index.sortKey]),
  ]);
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...keys].map((key): AttributeDefinition => {
      return { AttributeName: key, AttributeType: NUMBER_KEYS.has(key) ? 'N' : 'S' };
    }),
    KeySchema: keySchema(TABLE.partitionKey, TABLE.sortKey),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.partitionKey, index.sortKey),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: includedAttributes(index) },
    })),
  };
}

/** Creates the table if it is missing, and waits until it can be used. */
export async function ensureTable(client: DynamoDBClient, name: string): Promise<void> {
  if (await isActive(client, name)) return;
  try {
    await client.send(new CreateTableCommand(tableDefinition(name)));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  for (let look = 0; look < LOOKS; look += 1) {
    if (await isActive(client, name)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new LocalServiceError('dynamodb', `The table ${name} did not become active.`);
}

async function isActive(client: DynamoDBClient, name: string): Promise<boolean> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    return Table?.TableStatus === 'ACTIVE';
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}

function keySchema(partitionKey: string, sortKey: string): CreateTableCommandInput['KeySchema'] {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: sortKey, KeyType: 'RANGE' },
  ];
}

/** A key of the index is projected anyway, and DynamoDB refuses to be told so. */
function includedAttributes(index: (typeof TABLE.indexes)[keyof typeof TABLE.indexes]): string[] {
  return index.include.filter((name: string) => name !== index.partitionKey && name !== index.sortKey);
}
