import { z } from 'zod';
import { QueueMessageInvalidError, type QueueName } from './errors.ts';

const name = z.string().min(1).max(1000);

const passMessage = z.strictObject({
  v: z.literal(1),
  tenant: name,
  mailboxId: name,
  reason: z.enum(['start', 'due', 'request', 'resume']),
});

const chunkMessage = z.strictObject({
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
