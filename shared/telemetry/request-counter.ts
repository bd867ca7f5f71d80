import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** Requests sent so far by service and operation, such as `{ DynamoDB: { GetItem: 3 } }`. */
type RequestCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Counts the requests that SDK clients send; AWS bills each of them, retries included. */
export interface RequestCounter {
  /** Counts what this client sends from now on. */
  attach(client: DynamoDBClient | SecretsManagerClient | SQSClient): void;
  counts(): RequestCounts;
  /** Requests to one service, or to all. */
  total(service?: string): number;
  reset(): void;
}

type AnyStack = DynamoDBClient['middlewareStack'];

export function createRequestCounter(): RequestCounter {
  let services = new Map<string, Map<string, number>>();

  const count = (clientName: string, commandName: string): void => {
    const service = clientName.replace(/Client$/, '');
    const operation = commandName.replace(/Command$/, '');
    const operations = services.get(service) ?? new Map<string, number>();
    operations.set(operation, (operations.get(operation) ?? 0) + 1);
    services.set(service, operations);
  };

  return {
    attach(client) {
      // The stacks of the clients differ only in the types of inputs and outputs, which this middleware passes on.
      const stack = client.middlewareStack as AnyStack;
      stack.add(
        (next, context) => (args) => {
          count(context.clientName ?? 'unknown', context.commandName ?? 'unknown');
          return next(args);
        },
        // Inside the retries: each try is a request of its own.
        { step: 'deserialize', name: 'mailhaulRequestCounter', override: true },
      );
    },
    counts() {
      return Object.fromEntries(
        [...services].map(([service, operations]) => [service, Object.fromEntries(operations)]),
      );
    },
    total(service) {
      let sum = 0;
      for (const [name, operations] of services) {
        if (service !== undefined && name !== service) continue;
        for (const requests of operations.values()) sum += requests;
      }
      return sum;
    },
    reset() {
      services = new Map();
    },
  };
}
