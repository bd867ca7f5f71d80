import { DeleteItemCommand, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { TABLE } from '../../resources.ts';

/**
 * Deletes the items whose time to live is over, which DynamoDB does by itself. Like there, nobody may rely on when
 * it happens.
 * @param options.now ms since the epoch
 * @returns how many were deleted
 */
export async function expireItems(
  client: DynamoDBClient,
  options: { table: string; now: number; signal: AbortSignal },
): Promise<number> {
  const { table, signal } = options;
  const condition = {
    names: { '#ttl': TABLE.timeToLive },
    // The attribute holds seconds; items without it, or with anything but a number, live for ever.
    values: { ':now': { N: String(Math.floor(options.now / 1000)) } },
  };
  const pages = paginateScan(
    { client },
    {
      TableName: table,
      FilterExpression: '#ttl < :now',
      ProjectionExpression: '#pk, #sk',
      ExpressionAttributeNames: { ...condition.names, '#pk': TABLE.partitionKey, '#sk': TABLE.sortKey },
      ExpressionAttributeValues: condition.values,
    },
  );
  let expired = 0;
  for await (const page of pages) {
    for (const { [TABLE.partitionKey]: pk, [TABLE.sortKey]: sk } of page.Items ?? []) {
      if (signal.aborted) return expired;
      if (pk === undefined || sk === undefined) continue;
      expired += await removeIfExpired(
        client,
        table,
        { [TABLE.partitionKey]: pk, [TABLE.sortKey]: sk },
        condition,
      );
    }
    if (signal.aborted) return expired;
  }
  return expired;
}

type Key = NonNullable<ConstructorParameters<typeof DeleteItemCommand>[0]['Key']>;

/** Somebody may have given the item more time since it was read. */
async function removeIfExpired(
  client: DynamoDBClient,
  table: string,
  key: Key,
  condition: { names: Record<string, string>; values: Record<string, { N: string }> },
): Promise<number> {
  try {
    await client.send(
      new DeleteItemCommand({
        TableName: table,
        Key: key,
        ConditionExpression: '#ttl < :now',
        ExpressionAttributeNames: condition.names,
        ExpressionAttributeValues: condition.values,
      }),
    );
    return 1;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return 0;
    throw error;
  }
}
