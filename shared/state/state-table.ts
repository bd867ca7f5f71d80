import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { isUnavailable } from '../aws-clients/is-unavailable.ts';
import { backoffMs, type Pacing } from '../aws-clients/pacing.ts';
import { StateRefusedError, StateUnavailableError } from './errors.ts';
import type { ItemKey } from './keys.ts';
import { type Attributes, conditionInput, type Expression } from './table-expression.ts';
import { queryInput, type TableQuery } from './table-query.ts';
import { ReadGatherer } from './read-gatherer.ts';
import { type TableWrite, WriteGatherer } from './write-gatherer.ts';

const BATCH_GET_ITEMS = 100;
const BATCH_TRIES = 9;

/**
 * The requests to DynamoDB that the repositories are made of: single items with conditions, queries, and batches
 * whose unprocessed rest is sent again. No scans, no transactions.
 *
 * Every method throws StateUnavailableError when the table is throttling or out of reach, StateRefusedError when it
 * refuses for good. A condition that does not hold is an answer, not an error.
 */
export class StateTable {
  readonly #client: DynamoDBDocumentClient;
  readonly #name: string;
  readonly #pacing: Pacing;
  readonly #reads: ReadGatherer;
  readonly #gatherer: WriteGatherer;

  constructor(client: DynamoDBDocumentClient, name: string, pacing: Pacing) {
    this.#client = client;
    this.#name = name;
    this.#pacing = pacing;
    this.#reads = new ReadGatherer((keys) => this.#read(keys));
    this.#gatherer = new WriteGatherer((writes) => this.#writeBatch(writes), pacing.delay);
  }

  /** Ms to wait before try `attempt` + 1 of something that collided; see {@link backoffMs}. */
  async backOff(attempt: number): Promise<void> {
    await this.#pacing.delay(backoffMs(attempt, this.#pacing.random));
  }

  /** A consistent read. Items that are asked for in the same turn of the event loop share a request. */
  get(key: ItemKey): Promise<Attributes | undefined> {
    return this.#reads.read(key);
  }

  async #read(keys: readonly ItemKey[]): Promise<Attributes[]> {
    const [Key, ...others] = keys;
    if (Key === undefined || others.length > 0) return this.batchGet(keys);
    const { Item } = await this.#call('GetItem', () =>
      this.#client.send(new GetCommand({ TableName: this.#name, Key, ConsistentRead: true })),
    );
    return Item === undefined ? [] : [Item];
  }

  /** @returns false when the condition did not hold and nothing was written */
  put(item: Attributes, condition?: Expression): Promise<boolean> {
    return this.#conditional('PutItem', () =>
      this.#client.send(new PutCommand({ TableName: this.#name, Item: item, ...conditionInput(condition) })),
    ).then((answer) => answer !== undefined);
  }

  /** @returns the item as it is now; undefined when the condition did not hold and nothing was written */
  async update(key: ItemKey, update: Expression, condition?: Expression): Promise<Attributes | undefined> {
    const input = conditionInput({
      text: condition?.text ?? '',
      names: { ...update.names, ...condition?.names },
      values: { ...update.values, ...condition?.values },
    });
    const answer = await this.#conditional('UpdateItem', () =>
      this.#client.send(
        new UpdateCommand({
          TableName: this.#name,
          Key: key,
          UpdateExpression: update.text,
          ReturnValues: 'ALL_NEW',
          ...input,
        }),
      ),
    );
    return answer === undefined ? undefined : (answer.Attributes ?? {});
  }

  /** @returns false when the condition did not hold and nothing was deleted */
  delete(key: ItemKey, condition?: Expression): Promise<boolean> {
    return this.#conditional('DeleteItem', () =>
      this.#client.send(new DeleteCommand({ TableName: this.#name, Key: key, ...conditionInput(condition) })),
    ).then((answer) => answer !== undefined);
  }

  /** One request: up to `limit` items or 1 MB, whichever comes first. */
  async queryPage(
    query: TableQuery,
    page: { limit?: number; startKey?: Attributes | undefined },
  ): Promise<{ items: Attributes[]; lastKey: Attributes | undefined }> {
    const answer = await this.#call('Query', () =>
      this.#client.send(
        new QueryCommand({
          ...queryInput(this.#name, query),
          ...(page.limit === undefined ? {} : { Limit: page.limit }),
          ...(page.startKey === undefined ? {} : { ExclusiveStartKey: page.startKey }),
        }),
      ),
    );
    return { items: answer.Items ?? [], lastKey: answer.LastEvaluatedKey };
  }

  /** All items of the range, read page by page as they are consumed. */
  async *query(query: TableQuery): AsyncGenerator<Attributes, void, undefined> {
    let startKey: Attributes | undefined;
    do {
      const { items, lastKey } = await this.queryPage(query, { startKey });
      yield* items;
      startKey = lastKey;
    } while (startKey !== undefined);
  }

  /** {@link query} for ranges that are small for sure. */
  async queryAll(query: TableQuery): Promise<Attributes[]> {
    const all: Attributes[] = [];
    for await (const item of this.query(query)) all.push(item);
    return all;
  }

  async count(query: TableQuery): Promise<number> {
    let startKey: Attributes | undefined;
    let count = 0;
    do {
      const input = {
        ...queryInput(this.#name, query),
        Select: 'COUNT' as const,
        ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
      };
      const answer = await this.#call('Query', () => this.#client.send(new QueryCommand(input)));
      count += answer.Count ?? 0;
      startKey = answer.LastEvaluatedKey;
    } while (startKey !== undefined);
    return count;
  }

  /** Consistent reads of many items, in no order; those that do not exist are missing. */
  async batchGet(keys: readonly ItemKey[]): Promise<Attributes[]> {
    const found: Attributes[] = [];
    for (let start = 0; start < keys.length; start += BATCH_GET_ITEMS) {
      let rest: Attributes[] = keys.slice(start, start + BATCH_GET_ITEMS).map((key) => ({ ...key }));
      for (let tried = 1; rest.length > 0; tried += 1) {
        const request = { [this.#name]: { Keys: rest, ConsistentRead: true } };
        const answer = await this.#call('BatchGetItem', () =>
          this.#client.send(new BatchGetCommand({ RequestItems: request })),
        );
        found.push(...(answer.Responses?.[this.#name] ?? []));
        rest = answer.UnprocessedKeys?.[this.#name]?.Keys ?? [];
        if (rest.length > 0) await this.#again('BatchGetItem', tried);
      }
    }
    return found;
  }

  /**
   * Writes and deletes many items without conditions. Not atomic: after an error some are done, and doing it all
   * again completes it. Each key may come once. Calls that come together share their requests.
   */
  batchWrite(writes: readonly TableWrite[]): Promise<void> {
    return this.#gatherer.write(writes);
  }

  async #writeBatch(writes: readonly TableWrite[]): Promise<void> {
    let rest = writes.map(writeRequest);
    for (let tried = 1; rest.length > 0; tried += 1) {
      const request = { [this.#name]: rest };
      const answer = await this.#call('BatchWriteItem', () =>
        this.#client.send(new BatchWriteCommand({ RequestItems: request })),
      );
      rest = (answer.UnprocessedItems?.[this.#name] ?? []) as typeof rest; // what we sent comes back
      if (rest.length > 0) await this.#again('BatchWriteItem', tried);
    }
  }

  async #again(operation: string, tried: number): Promise<void> {
    if (tried >= BATCH_TRIES) throw new StateUnavailableError(operation);
    await this.backOff(tried);
  }

  async #conditional<Answer>(operation: string, send: () => Promise<Answer>): Promise<Answer | undefined> {
    return this.#call(operation, async () => {
      try {
        return await send();
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    });
  }

  async #call<Answer>(operation: string, send: () => Promise<Answer>): Promise<Answer> {
    try {
      return await send();
    } catch (cause) {
      if (isUnavailable(cause)) throw new StateUnavailableError(operation, { cause });
      throw new StateRefusedError(operation, { cause });
    }
  }
}

function writeRequest(write: TableWrite) {
  return 'put' in write
    ? { PutRequest: { Item: write.put } }
    : { DeleteRequest: { Key: { ...write.delete } } };
}
