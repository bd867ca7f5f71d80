import * as z from 'zod';
import { QueueMessageInvalidError, type QueueName } from './errors.ts';

const name = z.string().min(1).max(1000);

/*
 * While a new version is rolled out, old and new workers share the queues. So fields that a reader does not know are
 * passed over, and a new field must be optional; what an old reader must not pass over needs another `v`.
 */
const passMessage = z.object({
  v: z.literal(1),
  tenant: name,
  mailboxId: name,
  reason: z.enum(['start', 'due', 'request', 'resume']),
});

const chunkMessage = z.object({
  v: z.literal(1),
  tenant: name,
  mailboxId: name,
  pass: z.number().int().min(0),
  /** The lane that is likely to be free; workers that are woken together do not try for the same one. */
  lane: z.number().int().min(0).max(99).exactOptional(),
});

/** Wakes the planner of a mailbox. What is to be done is in the table, not here. */
export type PassMessage = z.infer<typeof passMessage>;

/** Wakes a worker for a mailbox that has chunks to copy. */
export type ChunkMessage = z.infer<typeof chunkMessage>;

/** @throws QueueMessageInvalidError */
export function parsePassMessage(body: string): PassMessage {
  return parse('passes', passMessage, body);
}

/** @throws QueueMessageInvalidError */
export function parseChunkMessage(body: string): ChunkMessage {
  return parse('chunks', chunkMessage, body);
}

function parse<Message>(queue: QueueName, schema: z.ZodType<Message>, body: string): Message {
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  throw new QueueMessageInvalidError(
    queue,
    parsed.error.issues.map((issue) => issue.path.join('.') || 'body'),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
