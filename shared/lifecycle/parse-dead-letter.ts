import { QueueMessageInvalidError } from '../queue/errors.ts';
import { parseChunkMessage, parsePassMessage } from '../queue/queue-messages.ts';
import type { DeadLetter } from './record-dead-letter.ts';

/** Tells by its content which of the two queues a dead letter comes from; undefined for neither. */
export function parseDeadLetter(body: string): DeadLetter | undefined {
  const fromPasses = parsed(parsePassMessage, body);
  if (fromPasses !== undefined) {
    return { tenant: fromPasses.tenant, mailboxId: fromPasses.mailboxId, queue: 'passes' };
  }
  const fromChunks = parsed(parseChunkMessage, body);
  if (fromChunks === undefined) return undefined;
  const { tenant, mailboxId, pass } = fromChunks;
  return { tenant, mailboxId, queue: 'chunks', pass };
}

function parsed<Message>(parse: (body: string) => Message, body: string): Message | undefined {
  try {
    return parse(body);
  } catch (error) {
    if (error instanceof QueueMessageInvalidError) return undefined;
    throw error;
  }
}
