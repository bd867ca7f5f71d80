import type { AwsClients } from '../../shared/aws-clients/create-clients.ts';

/** The names of the commands that a client sends to DynamoDB from now on, in their order. */
export function recordRequests({ documents }: AwsClients): readonly string[] {
  const requests: string[] = [];
  documents.middlewareStack.add(
    (next, context) => (args) => {
      requests.push(context.commandName ?? '');
      return next(args);
    },
    { step: 'deserialize' },
  );
  return requests;
}
