/** Request units as DynamoDB bills them on demand. */
export interface DynamoDbUnits {
  readonly read: number;
  readonly write: number;
}

type Json = Readonly<Record<string, unknown>>;

const READ_UNIT_BYTES = 4096;
const WRITE_UNIT_BYTES = 1024;
const NONE: DynamoDbUnits = { read: 0, write: 0 };

/**
 * The units of one request, from what it asked and what was answered.
 *
 * Exact for reads and for items written whole. An update whose answer does not show the item counts the values that
 * it carries, a delete one unit: the item itself is not known here. Writes to secondary indexes are counted as one
 * unit for each index whose key the written item carries.
 */
export function dynamoDbUnits(
  operation: string,
  request: Json,
  answer: Json,
  indexKeys: readonly string[],
): DynamoDbUnits {
  const consistent = request['ConsistentRead'] === true ? 1 : 0.5;
  switch (operation) {
    case 'GetItem':
      return { read: readUnits(itemBytes(answer['Item'])) * consistent, write: 0 };
    case 'Query':
    case 'Scan':
      return { read: readUnits(sum(array(answer['Items']), itemBytes)) * consistent, write: 0 };
    case 'BatchGetItem': {
      const items = Object.values(record(answer['Responses'])).flatMap(array);
      return { read: sum(items, (item) => readUnits(itemBytes(item))) * 0.5, write: 0 };
    }
    case 'PutItem':
      return { read: 0, write: writeUnits(record(request['Item']), indexKeys) };
    case 'UpdateItem': {
      const shown = { ...record(request['Key']), ...record(answer['Attributes']) };
      const carried = { ...record(request['Key']), ...record(request['ExpressionAttributeValues']) };
      return { read: 0, write: writeUnits(answer['Attributes'] === undefined ? carried : shown, indexKeys) };
    }
    case 'DeleteItem':
      return { read: 0, write: 1 };
    case 'BatchWriteItem': {
      const writes = Object.values(record(request['RequestItems'])).flatMap(array).map(record);
      const put = (write: Json): Json => record(record(write['PutRequest'])['Item']);
      return { read: 0, write: sum(writes, (write) => writeUnits(put(write), indexKeys)) };
    }
    default:
      return NONE; // set-up of the table
  }
}

function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES));
}

function writeUnits(item: Json, indexKeys: readonly string[]): number {
  const indexes = indexKeys.filter((key) => key in item).length;
  return Math.max(1, Math.ceil(itemBytes(item) / WRITE_UNIT_BYTES)) + indexes;
}

/** Names and values, by the rules of DynamoDB's developer guide, "Item sizes and formats". */
function itemBytes(item: unknown): number {
  return sum(Object.entries(record(item)), ([name, value]) => Buffer.byteLength(name) + valueBytes(value));
}

function valueBytes(value: unknown): number {
  const [type, content] = Object.entries(record(value))[0] ?? [];
  switch (type) {
    case 'S':
      return Buffer.byteLength(String(content));
    case 'N':
      return Math.ceil(String(content).replace(/\D/g, '').length / 2) + 1;
    case 'B':
      return base64Bytes(String(content));
    case 'SS':
      return sum(array(content), (each) => Buffer.byteLength(String(each)));
    case 'NS':
    case 'BS':
      return sum(array(content), (each) => base64Bytes(String(each)));
    case 'L':
      return 3 + sum(array(content), (each) => 1 + valueBytes(each));
    case 'M':
      return 3 + Object.keys(record(content)).length + itemBytes(content);
    default:
      return 1; // BOOL and NULL
  }
}

function base64Bytes(text: string): number {
  return Math.floor((text.replace(/=+$/, '').length * 3) / 4);
}

function record(value: unknown): Json {
  // what JSON.parse gives: an object that is no array has string keys
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
