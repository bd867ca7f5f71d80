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
    sends: ['passes'],
  },
  planPass: {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'],
    // the last worker of a migration that is being closed destroys its credentials
    indexes: ['status'],
    // a sign-in service that gives another refresh token with each access token: the new one is kept
    secrets: ['CreateSecret', 'GetSecretValue', 'DeleteSecret'],
    sends: ['passes', 'chunks'],
  },
  syncChunk: {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'],
    // the last worker of a migration that is being closed destroys its credentials
    indexes: ['status'],
    // as the planner
    secrets: ['CreateSecret', 'GetSecretValue', 'DeleteSecret'],
    sends: ['passes', 'chunks'],
  },
  resyncTimer: {
    table: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
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
