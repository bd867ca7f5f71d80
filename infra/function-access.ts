import type { FUNCTIONS } from './resources.ts';

/** What one function may do. Roles are made of this, and a test compares it with what the functions do. */
export interface FunctionAccess {
  readonly table: readonly TableAction[];
  /** Indexes of the table that it queries. */
  readonly indexes: ReadonlyArray<'due' | 'status'>;
  readonly secrets: readonly SecretAction[];
  /** Queues it sends to. */
  readonly sends: ReadonlyArray<'passes' | 'chunks'>;
}

type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'BatchWriteItem';
type SecretAction = 'CreateSecret' | 'GetSecretValue' | 'DeleteSecret';

export const FUNCTION_ACCESS: Readonly<Record<keyof typeof FUNCTIONS, FunctionAccess>> = {
  api: {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'],
    indexes: ['status'],
    secrets: ['CreateSecret', 'GetSecretValue', 'DeleteSecret'],
    sends: ['passes', 'chunks'],
  },
  planPass: {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'],
    indexes: [],
    secrets: ['GetSecretValue'],
    sends: ['passes', 'chunks'],
  },
  syncChunk: {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'],
    indexes: [],
    secrets: ['GetSecretValue'],
    sends: ['passes', 'chunks'],
  },
  resyncTimer: {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'],
    indexes: ['due', 'status'],
    secrets: ['DeleteSecret'],
    sends: ['passes', 'chunks'],
  },
  deadLetters: {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem'],
    indexes: [],
    secrets: [],
    sends: [],
  },
};
