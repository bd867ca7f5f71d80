import type { AwsClients } from '../../shared/aws-clients/create-clients.ts';

/** The process was killed at this request. */
class KilledError extends Error {
  override readonly name = 'KilledError';
}

export interface Cut {
  /** Requests that were let through. */
  sent(): number;
  /** Whether the cut came. */
  happened(): boolean;
}

/**
 * Kills these clients at a request: `passes` requests go through, the next fails and all after it, as for a process
 * that died. With `answer` the request that fails has still reached the service, and only its answer was lost.
 */
export function cutAfter(clients: AwsClients, passes: number, lost: 'request' | 'answer'): Cut {
  let sent = 0;
  let happened = false;
  for (const client of [clients.documents, clients.secrets, clients.sqs]) {
    // The stacks of the clients differ only in the types of what they carry, which this one passes on.
    const stack = client.middlewareStack as AwsClients['sqs']['middlewareStack'];
    stack.add(
      (next) => async (args) => {
        if (happened) throw new KilledError('killed before');
        if (sent < passes) {
          sent += 1;
          return next(args);
        }
        happened = true;
        if (lost === 'answer') await next(args);
        throw new KilledError(`killed at request ${passes + 1}`);
      },
      { step: 'finalizeRequest', name: 'cutAfter', priority: 'high', override: true },
    );
  }
  return { sent: () => sent, happened: () => happened };
}

/**
 * Loses the first answer to an operation: the service has done what was asked, the connection breaks, and the SDK
 * sends the request again.
 */
export function loseFirstAnswer(clients: AwsClients, operation: string): { readonly lost: () => boolean } {
  let lost = false;
  for (const client of [clients.documents, clients.secrets, clients.sqs]) {
    const stack = client.middlewareStack as AwsClients['sqs']['middlewareStack']; // as above
    stack.add(
      (next, context) => async (args) => {
        const answer = await next(args);
        if (lost || context.commandName !== `${operation}Command`) return answer;
        lost = true;
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
      },
      { step: 'deserialize', name: 'loseFirstAnswer', override: true },
    );
  }
  return { lost: () => lost };
}
