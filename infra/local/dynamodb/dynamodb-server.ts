import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import database, { type DynaliteStore } from 'dynalite/db/index.js';
import { TABLE } from '../../resources.ts';
import type { AccessKeyCheck } from '../access-key.ts';
import { LocalServiceError } from '../errors.ts';
import type { LocalLogger } from '../local-logger.ts';
import { listenOnLoopback, type LoopbackServer } from '../loopback-server.ts';
import { readBody } from '../read-body.ts';
import { writeItemsAtomically } from './atomic-item-writes.ts';
import { forgetHalfMadeTable } from './forget-half-made-table.ts';
import { levelBatch } from './level-batch.ts';
import { readAtOnce } from './read-at-once.ts';
import { type ActionAnswer, runAction } from './dynalite-actions.ts';

const TARGET_PREFIX = 'DynamoDB_20120810.';

/** DynamoDB's limit on a BatchWriteItem, the largest request. */
const MAX_BODY_BYTES = 16 * 1_048_576;

const REFUSED: ActionAnswer = {
  status: 400,
  body: {
    __type: 'com.amazon.coral.service#UnrecognizedClientException',
    message: 'The security token included in the request is invalid.',
  },
};

const MALFORMED: ActionAnswer = {
  status: 400,
  body: { __type: 'com.amazon.coral.service#SerializationException' },
};

export interface DynamoDbOptions {
  readonly stateDir: string;
  readonly allows: AccessKeyCheck;
  readonly logger: LocalLogger;
  /** Whether an answered write outlives a power cut too, or the process only. */
  readonly syncWrites: boolean;
}

/**
 * DynamoDB's protocol (AWS JSON 1.0) over dynalite's database on disk.
 * The HTTP side is ours, because dynalite's own throws out of a callback, which ends the process, when the disk
 * fails or a client hangs up.
 * @throws LocalServiceError
 */
export async function startDynamoDb(options: DynamoDbOptions): Promise<LoopbackServer> {
  const path = join(options.stateDir, 'dynamodb');
  const plain = database.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  readAtOnce(plain);
  const store = writeItemsAtomically(plain, levelBatch(plain, options.syncWrites));
  try {
    await store.db.open();
    await forgetHalfMadeTable(store, TABLE.name);
  } catch (error) {
    throw new LocalServiceError('dynamodb', `The database in ${path} cannot be opened.`, error);
  }
  const running = new Set<Promise<unknown>>();
  const server = createServer((request, response) => {
    const work = answer(store, options, request).then(({ status, body }) => {
      const text = JSON.stringify(body);
      response.writeHead(status, {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(text),
        'x-amz-crc32': crc32(text),
        'x-amzn-requestid': randomUUID(),
      });
      return response.end(text);
    });
    running.add(work);
    void work.finally(() => running.delete(work));
  });
  const loopback = await listenOnLoopback(server);
  return {
    ...loopback,
    close: async (graceMs) => {
      await loopback.close(graceMs);
      await Promise.all(running);
      await new Promise<void>((resolve, reject) => {
        store.db.close((error) => (error ? reject(error) : resolve()));
      });
    },
  };
}

async function answer(
  store: DynaliteStore,
  options: DynamoDbOptions,
  request: IncomingMessage,
): Promise<ActionAnswer> {
  const data = await readJson(request);
  if (!options.allows(request.headers.authorization)) return REFUSED;
  if (data === undefined) return MALFORMED;
  const target = String(request.headers['x-amz-target'] ?? '');
  const name = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  return runAction(store, name, data, (error) => {
    options.logger.error('The embedded DynamoDB failed', { operation: name, error });
  });
}

/** Undefined for what is too large, is no JSON object or was never sent whole. */
async function readJson(request: IncomingMessage): Promise<object | undefined> {
  try {
    const body = await readBody(request, MAX_BODY_BYTES);
    const data: unknown = body === undefined ? undefined : JSON.parse(body.toString('utf8'));
    return typeof data === 'object' && data !== null ? data : undefined;
  } catch {
    return undefined;
  }
}
