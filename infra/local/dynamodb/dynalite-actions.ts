import { createRequire } from 'node:module';
import type { Done, DynaliteStore } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';

/** What DynamoDB answers: a body with a status of 200, or an error's body with its status. */
export interface ActionAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface Action {
  readonly run: (store: DynaliteStore, data: unknown, done: Done) => void;
  readonly validation: { readonly types: unknown; readonly custom?: unknown };
}

const NAMES = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
] as const;

const require = createRequire(import.meta.url);

const ACTIONS: ReadonlyMap<string, Action> = new Map(
  NAMES.map((name): [string, Action] => {
    const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}.js`;
    // Modules of one shape without types: `module.exports = function (store, data, done)`, `exports.types`, `exports.custom`.
    const run = require(`dynalite/actions/${file}`) as Action['run'];
    const validation = require(`dynalite/validations/${file}`) as Action['validation'];
    return [name, { run, validation }];
  }),
);

const UNKNOWN: ActionAnswer = {
  status: 400,
  body: { __type: 'com.amazon.coral.service#UnknownOperationException' },
};

const FAILED: ActionAnswer = {
  status: 500,
  body: { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: 'Internal server error' },
};

/**
 * Runs one operation on the store. Never rejects: a refusal is DynamoDB's own answer, a fault of the disk is an
 * InternalServerError, which clients try again; `report` is told of it.
 */
export async function runAction(
  store: DynaliteStore,
  name: string,
  request: unknown,
  report: (error: unknown) => void,
): Promise<ActionAnswer> {
  const action = ACTIONS.get(name);
  if (action === undefined) return UNKNOWN;
  try {
    const data = validations.checkTypes(request, action.validation.types);
    validations.checkValidations(data, action.validation.types, action.validation.custom, store);
    const body = await new Promise((resolve, reject) => {
      action.run(store, data, (error, value) => (error ? reject(error) : resolve(value)));
    });
    return { status: 200, body };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== undefined) return refusal;
    report(error);
    return FAILED;
  }
}

/** dynalite marks what DynamoDB would refuse by `statusCode` and `body`. */
function refusalOf(error: unknown): ActionAnswer | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error) || !('body' in error))
    return undefined;
  return typeof error.statusCode === 'number' ? { status: error.statusCode, body: error.body } : undefined;
}
