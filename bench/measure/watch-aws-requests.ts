import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage, ServerResponse } from 'node:http';
import type { AwsCounts } from './aws-counts-channel.ts';
import { TABLE } from '../../infra/resources.ts';
import { dynamoDbUnits } from './dynamodb-units.ts';

const SERVICES: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'DynamoDB',
  AmazonSQS: 'SQS',
  secretsmanager: 'SecretsManager',
};
/** How the API function names itself to AWS. */
const API = 'mailhaul-api';
const INDEX_KEYS = Object.values(TABLE.indexes).map(({ partitionKey }) => partitionKey);

/**
 * Counts the requests that arrive at the embedded AWS services of this thread (each names its operation in
 * `x-amz-target`): what AWS would bill, the polls of queues and all retries included. Those of the HTTP API, which
 * grow with the looks of whoever watches, are counted apart.
 */
export function watchAwsRequests(): () => AwsCounts {
  let apiRequests = 0;
  const requests: Record<string, Record<string, number>> = {};
  const units = { read: 0, write: 0 };
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    const { request } = message;
    if (!(request instanceof IncomingMessage)) return;
    const [prefix = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    const service = SERVICES[prefix];
    if (service === undefined) return;
    if (String(request.headers['user-agent']).includes(`app/${API}`)) {
      apiRequests += 1;
      return;
    }
    const operations = (requests[service] ??= {});
    operations[operation] = (operations[operation] ?? 0) + 1;
    if (service !== 'DynamoDB' || !('response' in message)) return;
    const { response } = message;
    if (!(response instanceof ServerResponse)) return;
    const asked = listenToBody(request);
    listenToAnswer(response, (answer) => {
      const { read, write } = dynamoDbUnits(operation, parse(asked()), parse(answer), INDEX_KEYS);
      units.read += read;
      units.write += write;
    });
  });
  return () => ({ requests, apiRequests, units });
}

/** Keeps a copy of what the parser pushes: a listener for the data would start the stream before its reader is there. */
function listenToBody(request: IncomingMessage): () => string {
  const chunks: Buffer[] = [];
  const push = request.push.bind(request);
  request.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    return push(chunk, encoding);
  };
  return () => Buffer.concat(chunks).toString('utf8');
}

/** The embedded DynamoDB answers by one call of `end`. */
function listenToAnswer(response: ServerResponse, heard: (answer: string) => void): void {
  let text = '';
  const end = response.end.bind(response);
  response.end = (...args: unknown[]) => {
    if (typeof args[0] === 'string') text = args[0];
    return Reflect.apply(end, response, args);
  };
  response.once('finish', () => heard(text));
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    // the protocol's bodies are JSON objects
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
