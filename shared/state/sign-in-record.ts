import * as z from 'zod';

/**
 * How the mailboxes of a server are opened. The secrets are in the vault: those of single mailboxes in the shards of
 * their migration, that of an administrator or an application in an entry of its own.
 */
export type SignInRecord =
  /** Each mailbox by a password of its own. */
  | { readonly kind: 'user-password' }
  /** All by the password of one account. */
  | {
      readonly kind: 'administrator';
      readonly user: string;
      /** SASL PLAIN with an authorisation identity (RFC 4616), or a login name made of both names. */
      readonly form: 'plain-authzid' | 'master-user';
      /** Of the login name, for `master-user`; see `fillUserName`. */
      readonly template?: string;
      /** The vault holds the administrator's secret. */
      readonly secret: boolean;
    }
  /** By OAuth 2.0 tokens. */
  | OAuthSignInRecord;

export interface OAuthSignInRecord {
  readonly kind: 'oauth';
  /**
   * `client-credentials`: the application opens all (RFC 6749 4.4). `refresh-token`: each mailbox by what its user
   * has consented to (RFC 6749 6). `service-account`: a Google account that acts for the users (RFC 7523 2.1).
   */
  readonly grant: 'client-credentials' | 'refresh-token' | 'service-account';
  /** Of the application; of a service account its e-mail address. */
  readonly clientId: string;
  readonly tokenUrl: string;
  /** Where users give their consent, for `refresh-token`. */
  readonly authorizationUrl?: string;
  /** Of the identity tokens of that service, where it is not the provider's usual one and is known. */
  readonly issuer?: string;
  readonly scopes: readonly string[];
  /** The vault holds a secret of the application. */
  readonly secret: boolean;
}

export const signInSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user-password') }),
  z.object({
    kind: z.literal('administrator'),
    user: z.string(),
    form: z.enum(['plain-authzid', 'master-user']),
    template: z.string().exactOptional(),
    secret: z.boolean(),
  }),
  z.object({
    kind: z.literal('oauth'),
    grant: z.enum(['client-credentials', 'refresh-token', 'service-account']),
    clientId: z.string(),
    tokenUrl: z.string(),
    authorizationUrl: z.string().exactOptional(),
    issuer: z.string().exactOptional(),
    scopes: z.array(z.string()),
    secret: z.boolean(),
  }),
]) satisfies z.ZodType<SignInRecord>;
