import batchGetItem from 'dynalite/actions/batchGetItem.js';
import batchWriteItem from 'dynalite/actions/batchWriteItem.js';
import createTable from 'dynalite/actions/createTable.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import deleteTable from 'dynalite/actions/deleteTable.js';
import describeTable from 'dynalite/actions/describeTable.js';
import describeTimeToLive from 'dynalite/actions/describeTimeToLive.js';
import getItem from 'dynalite/actions/getItem.js';
import listTables from 'dynalite/actions/listTables.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import updateItem from 'dynalite/actions/updateItem.js';
import updateTable from 'dynalite/actions/updateTable.js';
import conditionParser from 'dynalite/db/conditionParser.js';
import type { DynaliteStore } from 'dynalite/db/index.js';
import projectionParser from 'dynalite/db/projectionParser.js';
import updateParser from 'dynalite/db/updateParser.js';
import batchGetItemRules from 'dynalite/validations/batchGetItem.js';
import batchWriteItemRules from 'dynalite/validations/batchWriteItem.js';
import createTableRules from 'dynalite/validations/createTable.js';
import deleteItemRules from 'dynalite/validations/deleteItem.js';
import deleteTableRules from 'dynalite/validations/deleteTable.js';
import describeTableRules from 'dynalite/validations/describeTable.js';
import describeTimeToLiveRules from 'dynalite/validations/describeTimeToLive.js';
import getItemRules from 'dynalite/validations/getItem.js';
import listTablesRules from 'dynalite/validations/listTables.js';
import putItemRules from 'dynalite/validations/putItem.js';
import queryRules from 'dynalite/validations/query.js';
import scanRules from 'dynalite/validations/scan.js';
import updateItemRules from 'dynalite/validations/updateItem.js';
import updateTableRules from 'dynalite/validations/updateTable.js';
import validations from 'dynalite/validations/index.js';
import { rememberParses } from './remember-parses.ts';

for (const parser of [conditionParser, projectionParser, updateParser]) rememberParses(parser);

/** What DynamoDB answers: a body with a status of 200, or an error's body with its status. */
export interface ActionAnswer {
  readonly status: number;
  readonly body: unknown;
}

const ACTIONS = new Map(
  Object.entries({
    BatchGetItem: { run: batchGetItem, rules: batchGetItemRules },
    BatchWriteItem: { run: batchWriteItem, rules: batchWriteItemRules },
    CreateTable: { run: createTable, rules: createTableRules },
    DeleteItem: { run: deleteItem, rules: deleteItemRules },
    DeleteTable: { run: deleteTable, rules: deleteTableRules },
    DescribeTable: { run: describeTable, rules: describeTableRules },
    DescribeTimeToLive: { run: describeTimeToLive, rules: describeTimeToLiveRules },
    GetItem: { run: getItem, rules: getItemRules },
    ListTables: { run: listTables, rules: listTablesRules },
    PutItem: { run: putItem, rules: putItemRules },
    Query: { run: query, rules: queryRules },
    Scan: { run: scan, rules: scanRules },
    UpdateItem: { run: updateItem, rules: updateItemRules },
    UpdateTable: { run: updateTable, rules: updateTableRules },
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
    const data = validations.checkTypes(request, action.rules.types);
    validations.checkValidations(data, action.rules.types, action.rules.custom, store);
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
