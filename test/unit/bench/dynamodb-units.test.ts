import { dynamoDbUnits } from '../../../bench/measure/dynamodb-units.ts';

const INDEX_KEYS = ['dueShard', 'statusKey'];
const units = (operation: string, request: object, answer: object = {}) =>
  dynamoDbUnits(operation, { ...request }, { ...answer }, INDEX_KEYS);
const text = (bytes: number) => ({ S: 'x'.repeat(bytes) });

describe('the units of a DynamoDB request', () => {
  test('a write costs one for each KB that is begun, names of attributes included', () => {
    expect(units('PutItem', { Item: { a: text(1023) } })).toEqual({ read: 0, write: 1 });
    expect(units('PutItem', { Item: { a: text(1024) } })).toEqual({ read: 0, write: 2 });
  });

  test('binary attributes count by their bytes, not by the base64 they travel in', () => {
    const page = Buffer.alloc(2000).toString('base64');
    expect(units('PutItem', { Item: { a: { B: page } } }).write).toBe(2);
  });

  test('a consistent read costs one for each 4 KB that is begun, another half of that', () => {
    const answer = { Item: { a: text(5000) } };
    expect(units('GetItem', { ConsistentRead: true }, answer).read).toBe(2);
    expect(units('GetItem', {}, answer).read).toBe(1);
  });

  test('reading what is not there costs one', () => {
    expect(units('GetItem', { ConsistentRead: true }).read).toBe(1);
    expect(units('Query', { ConsistentRead: true }, { Items: [] }).read).toBe(1);
  });

  test('a query adds its items up before rounding', () => {
    const answer = { Items: Array.from({ length: 8 }, () => ({ a: text(511) })) };
    expect(units('Query', { ConsistentRead: true }, answer).read).toBe(1);
  });

  test('a batch rounds each item', () => {
    const put = (bytes: number) => ({ PutRequest: { Item: { a: text(bytes) } } });
    const request = {
      RequestItems: { table: [put(10), put(1500), { DeleteRequest: { Key: { pk: text(3) } } }] },
    };
    expect(units('BatchWriteItem', request).write).toBe(4);
    const answer = { Responses: { table: [{ a: text(10) }, { a: text(10) }] } };
    expect(units('BatchGetItem', {}, answer).read).toBe(1);
  });

  test('an item in an index is written there too', () => {
    expect(units('PutItem', { Item: { pk: text(3), dueShard: { N: '7' } } }).write).toBe(2);
  });

  test('an update counts the item if the answer shows it, otherwise what it carries', () => {
    const request = { Key: { pk: text(10) }, ExpressionAttributeValues: { ':a': text(100) } };
    expect(units('UpdateItem', request).write).toBe(1);
    expect(units('UpdateItem', request, { Attributes: { a: text(3000) } }).write).toBe(3);
  });

  test('making the table is not billed', () => {
    expect(units('CreateTable', {})).toEqual({ read: 0, write: 0 });
  });
});
