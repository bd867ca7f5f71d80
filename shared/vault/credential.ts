import * as z from 'zod';
import { SecretCorruptError } from './errors.ts';

/** What somebody signs in with, beside the user's name. */
export interface ImapSecret {
  readonly kind: 'password';
  readonly password: string;
}

/** The secrets of one mailbox. */
export interface MailboxCredential {
  readonly source: ImapSecret;
  /** Missing where an administrator's account opens the destination. */
  readonly destination?: ImapSecret;
}

const secretSchema = z.object({
  kind: z.literal('password'),
  password: z.string(),
}) satisfies z.ZodType<ImapSecret>;

const credentialSchema = z.object({
  source: secretSchema,
  destination: secretSchema.exactOptional(),
}) satisfies z.ZodType<MailboxCredential>;

const shardSchema = z.object({
  v: z.literal(1),
  mailboxes: z.array(z.tuple([z.string(), credentialSchema])),
});
const destinationSchema = z.object({ v: z.literal(1), secret: secretSchema });

/** By mailbox id. */
export type ShardContent = ReadonlyMap<string, MailboxCredential>;

export function formatShard(content: ShardContent): string {
  return JSON.stringify({ v: 1, mailboxes: [...content] });
}

/** @throws SecretCorruptError */
export function parseShard(text: string): Map<string, MailboxCredential> {
  return new Map(parse(shardSchema, text).mailboxes);
}

export function formatDestination(secret: ImapSecret): string {
  return JSON.stringify({ v: 1, secret });
}

/** @throws SecretCorruptError */
export function parseDestination(text: string): ImapSecret {
  return parse(destinationSchema, text).secret;
}

/** JSON.parse quotes the text in its error, and the text is secret: the cause is left out on purpose. */
function parse<Content>(schema: z.ZodType<Content>, text: string): Content {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new SecretCorruptError();
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new SecretCorruptError();
  return parsed.data;
}
