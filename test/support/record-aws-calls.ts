import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { z } from 'zod';

/** What functions asked of the embedded AWS services, as the permissions that AWS would want for it. */
export interface AwsCalls {
  /**
   * By function: `dynamodb:GetItem table`, `dynamodb:Query index/due`, `sqs:SendMessage mailhaul-passes`,
   * `secretsmanager:CreateSecret mailhaul/`. Sorted.
   */
  of(functionName: string): string[];
  stop(): void;
}

const bodySchema = z.object({
  IndexName: z.string().optional(),
  QueueUrl: z.string().optional(),
  Name: z.string().optional(),
  SecretId: z.string().optional(),
});
type Body = z.infer<typeof bodySchema>;

const PERMISSIONS: Readonly<Record<string, (operation: string, body: Body, prefix: string) => string>> = {
  DynamoDB_20120810: (operation, { IndexName }) =>
    `dynamodb:${operation} ${IndexName === undefined ? 'table' : `index/${IndexName}`}`,
  // IAM knows no batches of the queue
  AmazonSQS: (operation, { QueueUrl = '' }) =>
    `sqs:${operation.replace(/Batch$/, '')} ${QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)}`,
  secretsmanager: (operation, { Name, SecretId }, prefix) =>
    `secretsmanager:${operation} ${(Name ?? SecretId ?? '').startsWith(prefix) ? prefix : 'outside the prefix'}`,
};

/** Listens to the requests that arrive at the servers of this process; functions name themselves in the user agent. */
export function recordAwsCalls(secretPrefix: string): AwsCalls {
  const seen = new Map<string, Set<string>>();
  const listen = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    const { request } = message;
    if (!(request instanceof IncomingMessage)) return;
    const [service = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    const permission = PERMISSIONS[service];
    const name = /\bapp\/mailhaul-([a-z-]+)/.exec(String(request.headers['user-agent']))?.[1];
    if (permission === undefined || name === undefined) return;
    const calls = seen.get(name) ?? new Set();
    seen.set(name, calls);
    copyBody(request, (text) =>
      calls.add(permission(operation, bodySchema.parse(JSON.parse(text)), secretPrefix)),
    );
  };
  subscribe('http.server.request.start', listen);
  return {
    of: (functionName) => [...(seen.get(functionName) ?? [])].sort(),
    stop: () => unsubscribe('http.server.request.start', listen),
  };
}

/** Copies what the parser pushes: a listener for the data would start the stream before its reader is there. */
function copyBody(request: IncomingMessage, whole: (text: string) => void): void {
  const chunks: Buffer[] = [];
  const push = request.push.bind(request);
  request.push = (chunk: unknown, encoding?: BufferEncoding) => {
    if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    if (chunk === null) whole(Buffer.concat(chunks).toString('utf8'));
    return push(chunk, encoding);
  };
}
