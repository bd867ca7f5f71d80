import * as z from 'zod';
import type { SignInRecord } from '../../state/sign-in-record.ts';
import { accountNameSchema, lineSchema, passwordSchema } from './bounded-text.ts';

const formSchema = z.enum(['plain-authzid', 'master-user']).meta({
  description:
    '`plain-authzid`: SASL PLAIN with an authorisation identity (RFC 4616). `master-user`: a login name made of the names of both, by `template`.',
});

const templateSchema = lineSchema(320).meta({
  description:
    'The login name by which the administrator opens a mailbox: `{admin}` and `{user}`, or of the user `{local}` and `{domain}`, before and behind the @. Such as `{user}*{admin}`, `{domain}/{admin}/{local}`, `#{local}@{domain}#{admin}#`.',
  example: '{user}*{admin}',
});

const secret = (max: number, description: string) =>
  z.string().min(1).max(max).meta({ description, format: 'password', writeOnly: true });

/** A refresh token; Microsoft's have up to some 2,000 characters. */
export const refreshTokenSchema = z
  .string()
  .regex(/^[\x20-\x7e]{1,4096}$/, 'This is not a refresh token')
  .meta({
    description: 'A refresh token of the user. Stored in Secrets Manager only, and never shown again.',
    format: 'password',
    writeOnly: true,
  });

const urlSchema = z.url({ protocol: /^https?$/ }).max(500);
const endpointsSchema = z
  .strictObject({
    tokenUrl: urlSchema.optional(),
    authorizationUrl: urlSchema.optional(),
    issuer: urlSchema.optional().meta({
      description:
        'Of the service as an OpenID provider: then users are asked who they are, too, and an answer of another service is refused (RFC 9207)',
    }),
  })
  .meta({ description: 'In place of those of the provider: for national clouds and own services' });
const scopesSchema = z
  .array(
    z
      .string()
      .regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/, 'This is not a scope (RFC 6749 3.3)')
      .refine(
        (scope) => scope !== 'openid',
        'Leave openid out: it is added by itself where users consent and the service is an OpenID provider',
      ),
  )
  .min(1)
  .max(20);
const directorySchema = z
  .string()
  .regex(/^[A-Za-z0-9.-]{1,253}$/, 'Give the ID or the domain of the directory')
  .meta({ description: 'At Microsoft: the directory (tenant) of the organisation, its ID or its domain' });

const clientIdSchema = lineSchema(320).meta({ description: 'The ID under which the application is known' });
const PEM_BYTES = 16 * 1024;

const shared = {
  kind: z.literal('oauth'),
  clientId: clientIdSchema,
  directory: directorySchema.optional(),
  endpoints: endpointsSchema.optional(),
  scopes: scopesSchema.optional(),
};

/** The key file of a service account, as Google gives it; what is not needed is not kept. */
const keyFileSchema = z
  .object({
    type: z.literal('service_account'),
    client_email: lineSchema(320),
    private_key: secret(PEM_BYTES, 'In PEM form'),
    private_key_id: lineSchema(200).optional(),
    token_uri: urlSchema.optional(),
  })
  .meta({ id: 'ServiceAccountKey', description: 'The content of the JSON key file of a service account' });

/** How the mailboxes of a server are opened, with what is secret about it. */
export const signInInputSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('user-password') }),
    z.strictObject({
      kind: z.literal('administrator'),
      user: accountNameSchema,
      form: formSchema.optional(),
      template: templateSchema.optional(),
      password: passwordSchema
        .optional()
        .meta({ description: 'May be left out where the same administrator is stored already' }),
    }),
    z.discriminatedUnion('grant', [
      z.strictObject({
        ...shared,
        grant: z.literal('client-credentials'),
        clientSecret: secret(1024, 'Of the application; or give a certificate').optional(),
        certificate: z
          .strictObject({
            certificate: z.string().min(1).max(PEM_BYTES).meta({ description: 'In PEM form' }),
            privateKey: secret(PEM_BYTES, 'In PEM form'),
          })
          .optional(),
      }),
      z.strictObject({
        ...shared,
        grant: z.literal('refresh-token'),
        clientSecret: secret(1024, 'Of the application, where it has one').optional(),
      }),
      z.strictObject({
        kind: z.literal('oauth'),
        grant: z.literal('service-account'),
        key: keyFileSchema.optional().meta({
          description: 'May be left out where the key of a service account is stored already',
        }),
        endpoints: endpointsSchema.optional(),
        scopes: scopesSchema.optional(),
      }),
    ]),
  ])
  .meta({
    id: 'SignInInput',
    description:
      'How mailboxes are opened: by a password each, by an administrator for all, or by OAuth 2.0 tokens',
  });

export type SignInInput = z.output<typeof signInInputSchema>;

export const signInSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('user-password') }),
    z.object({
      kind: z.literal('administrator'),
      user: z.string(),
      form: formSchema,
      template: z.string().optional(),
      secret: z.boolean(),
    }),
    z.object({
      kind: z.literal('oauth'),
      grant: z.enum(['client-credentials', 'refresh-token', 'service-account']),
      clientId: z.string(),
      tokenUrl: z.string(),
      authorizationUrl: z.string().optional(),
      issuer: z.string().optional(),
      scopes: z.array(z.string()),
      secret: z.boolean(),
    }),
  ])
  .meta({ id: 'SignIn', description: 'How mailboxes are opened; `secret`: a secret is stored for it' });

export function showSignIn(signIn: SignInRecord): z.input<typeof signInSchema> {
  return signIn.kind === 'oauth' ? { ...signIn, scopes: [...signIn.scopes] } : signIn;
}

/** An account to try a server with. */
export const testAccountSchema = z
  .strictObject({
    user: accountNameSchema,
    password: passwordSchema.optional(),
    refreshToken: refreshTokenSchema.optional(),
  })
  .meta({
    id: 'TestAccount',
    description:
      'An account to try the server with, and what it signs in with where each mailbox has its own. It is not stored.',
  });
