import * as z from 'zod';
import { SecretCorruptError } from './errors.ts';

/** What one mailbox is opened with, beside the user's name. */
export type ImapSecret =
  | { readonly kind: 'password'; readonly password: string }
  /** What a user's consent has brought (RFC 6749 1.5). */
  | { readonly kind: 'refresh-token'; readonly refreshToken: string };

/** What one account or application has for all mailboxes of a server. */
export type ServiceSecret =
  /** An administrator's. */
  | { readonly kind: 'password'; readonly password: string }
  /** An application's. */
  | { readonly kind: 'client-secret'; readonly clientSecret: string }
  /** Signs for an application or a service account. */
  | {
      readonly kind: 'private-key';
      /** PKCS #8, PEM. */
      readonly privateKey: string;
      /** SHA-256 of the certificate that belongs to it, base64url (RFC 7515 4.1.8). */
      readonly thumbprint?: string;
      readonly keyId?: string;
    };

/** The secrets of one mailbox. */
export interface MailboxCredential {
  /** Missing where one account or application opens the source for all. */
  readonly source?: ImapSecret;
  /** Missing where one account or application opens the destination for all. */
  readonly destination?: ImapSecret;
}

/** What a shard holds for a mailbox whose credential has grown out of it: the number of the shard where it is now. */
export interface MovedCredential {
  readonly movedTo: number;
}

export type StoredCredential = MailboxCredential | MovedCredential;

export function isMoved(stored: StoredCredential | undefined): stored is MovedCredential {
  return stored !== undefined && 'movedTo' in stored;
}

const password = z.object({ kind: z.literal('password'), password: z.string() });

const secretSchema = z.discriminatedUnion('kind', [
  password,
  z.object({ kind: z.literal('refresh-token'), refreshToken: z.string() }),
]) satisfies z.ZodType<ImapSecret>;

const serviceSecretSchema = z.discriminatedUnion('kind', [
  password,
  z.object({ kind: z.literal('client-secret'), clientSecret: z.string() }),
  z.object({
    kind: z.literal('private-key'),
    privateKey: z.string(),
    thumbprint: z.string().exactOptional(),
    keyId: z.string().exactOptional(),
  }),
]) satisfies z.ZodType<ServiceSecret>;

const credentialSchema = z.object({
  source: secretSchema.exactOptional(),
  destination: secretSchema.exactOptional(),
}) satisfies z.ZodType<MailboxCredential>;

const movedSchema = z.strictObject({ movedTo: z.number().int() }) satisfies z.ZodType<MovedCredential>;

const shardSchema = z.object({
  v: z.literal(1),
  mailboxes: z.array(z.tuple([z.string(), z.union([movedSchema, credentialSchema])])),
});
const serviceSchema = z.object({ v: z.literal(1), secret: serviceSecretSchema });

/** By mailbox id. */
type ShardContent = ReadonlyMap<string, StoredCredential>;

export function formatShard(content: ShardContent): string {
  return JSON.stringify({ v: 1, mailboxes: [...content] });
}

/**
 * @param text undefined for a shard that holds nothing yet
 * @throws SecretCorruptError
 */
export function parseShard(text: string | undefined): Map<string, StoredCredential> {
  return new Map(text === undefined ? [] : parse(shardSchema, text).mailboxes);
}

export function formatServiceSecret(secret: ServiceSecret): string {
  return JSON.stringify({ v: 1, secret });
}

/** @throws SecretCorruptError */
export function parseServiceSecret(text: string): ServiceSecret {
  return parse(serviceSchema, text).secret;
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
