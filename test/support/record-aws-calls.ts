import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest } from 'node:http';
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

/** Listens to the requests that this process sends; functions name themselves in the user agent. */
export function recordAwsCalls(secretPrefix: string): AwsCalls {
  const seen = new Map<string, Set<string>>();
  const listen = (message: unknown): void => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    const { request } = message;
    if (!(request instanceof ClientRequest)) return;
    copyBody(request, (text) => {
      const [service = '', operation = ''] = String(request.getHeader('x-amz-target') ?? '').split('.');
      const permission = PERMISSIONS[service];
      const name = /\bapp\/mailhaul-([a-z-]+)/.exec(String(request.getHeader('user-agent')))?.[1];
      if (permission === undefined || name === undefined) return;
      const calls = seen.get(name) ?? new Set();
      seen.set(name, calls);
      calls.add(permission(operation, bodySchema.parse(JSON.parse(text)), secretPrefix));
    });
  };
  subscribe('http.client.request.created', listen);
  return {
    of: (functionName) => [...(seen.get(functionName) ?? [])].sort(),
    stop: () => unsubscribe('http.client.request.created', listen),
  };
}

/** Copies what is written into a request. */
function copyBody(request: ClientRequest, whole: (text: string) => void): void {
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown): void => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const [write, end] = [request.write.bind(request), request.end.bind(request)];
  request.write = (...args: unknown[]): boolean => {
    keep(args[0]);
    return Reflect.apply(write, request, args);
  };
  request.end = (...args: unknown[]): ClientRequest => {
    keep(args[0]);
    whole(Buffer.concat(chunks).toString('utf8'));
    return Reflect.apply(end, request, args);
  };
}
