import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Attributes } from './table-expression.ts';
import { LAYOUT } from './table-layout.ts';

export interface TableQuery {
  /** The table itself without it. Indexes lag behind and are read as they are; the table is read consistently. */
  readonly index?: string;
  readonly partition: { readonly name: string; readonly value: string };
  readonly range?:
    | { readonly name: string; readonly beginsWith: string }
    | { readonly name: string; readonly atMost: number };
  readonly descending?: boolean;
  /** Attributes to read; all without it. Not for attributes whose name holds a dot. */
  readonly attributes?: readonly string[];
}

/** The range of a partition of the table whose sort keys begin with a text. */
export function rangeOf(pk: string, beginsWith: string): Pick<TableQuery, 'partition' | 'range'> {
  return {
    partition: { name: LAYOUT.partitionKey, value: pk },
    range: { name: LAYOUT.sortKey, beginsWith },
  };
}

/** The query as a request; the table itself is read consistently. */
export function queryInput(tableName: string, query: TableQuery): QueryCommandInput {
  const { partition, range } = query;
  const names: Record<string, string> = { '#partition': partition.name };
  const values: Attributes = { ':partition': partition.value };
  let condition = '#partition = :partition';
  if (range !== undefined) {
    names['#range'] = range.name;
    if ('beginsWith' in range) {
      condition += ' AND begins_with(#range, :range)';
      values[':range'] = range.beginsWith;
    } else {
      condition += ' AND #range <= :range';
      values[':range'] = range.atMost;
    }
  }
  const projected = (query.attributes ?? []).map((attribute, index) => {
    names[`#attribute${index}`] = attribute;
    return `#attribute${index}`;
  });
  return {
    TableName: tableName,
    ...(query.index === undefined ? { ConsistentRead: true } : { IndexName: query.index }),
    KeyConditionExpression: condition,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
    ScanIndexForward: query.descending !== true,
    ...(projected.length === 0 ? {} : { ProjectionExpression: projected.join(', ') }),
  };
}
