import * as z from 'zod';
import type { Catalogue } from '../../i18n/catalogue.ts';
import { budgetFor } from '../../imap/providers/budget.ts';
import type { ProviderProfile } from '../../imap/providers/provider-profile.ts';
import { lineSchema } from './bounded-text.ts';
import { budgetSchema } from './budget-schema.ts';

/** The id of a provider's profile in a path or a body. */
export const providerIdSchema = lineSchema(64).meta({ example: 'gmail' });

const folderRulesSchema = z
  .object({
    partCharacters: z.number().int().optional(),
    partBytes: z.number().int().optional(),
    pathBytes: z.number().int().optional(),
    forbidden: z.string().optional().meta({ description: 'Characters that no name may hold' }),
    trimmed: z.boolean().optional(),
    trailingDots: z.boolean().optional(),
    caseInsensitive: z.boolean().optional(),
    reserved: z.array(z.string()).optional(),
    withoutMail: z.array(z.string()).optional(),
  })
  .meta({ id: 'FolderRules', description: 'What folders may be called, as far as it is known' });

/** What an admin must know of a provider before users can be moved from there. */
export const providerSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    host: z.string().optional().meta({ description: 'Missing where every organisation has its own server' }),
    readOnlyHost: z
      .string()
      .optional()
      .meta({ description: 'Shows every message where `host` does not; for reading only' }),
    port: z.number().int(),
    security: z.enum(['tls', 'starttls']),
    signIn: z.array(z.enum(['password', 'app-password', 'oauth2'])).meta({ description: 'Best way first' }),
    instructions: z
      .array(z.string())
      .meta({ description: 'What users do first, in this order, in the language of Accept-Language' }),
    notes: z
      .array(z.string())
      .meta({ description: 'Good to know beforehand, in the language of Accept-Language' }),
    budget: budgetSchema.meta({ description: 'To begin with; see /v1/budgets to tune it' }),
    messageBytes: z
      .number()
      .int()
      .optional()
      .meta({ description: 'Largest message that it takes, unless its server announces another' }),
    folderRules: folderRulesSchema.optional(),
    keywords: z
      .boolean()
      .meta({ description: 'False where flags other than those of the standard are lost' }),
  })
  .meta({ id: 'Provider' });

export function showProvider(
  profile: ProviderProfile,
  { providers }: Pick<Catalogue, 'providers'>,
): z.input<typeof providerSchema> {
  const { id, name, host, readOnlyHost, port, security, signIn, limits, folders, flags } = profile;
  return {
    id,
    name,
    ...(host === undefined ? {} : { host }),
    ...(readOnlyHost === undefined ? {} : { readOnlyHost }),
    port,
    security,
    signIn: [...signIn],
    instructions: profile.instructions.map((code) => providers.instructions[code]),
    notes: profile.notes.map((code) => providers.notes[code]),
    budget: budgetFor(profile, undefined),
    ...(limits?.messageBytes === undefined ? {} : { messageBytes: limits.messageBytes }),
    ...(folders === undefined ? {} : { folderRules: showFolderRules(folders) }),
    keywords: flags?.keywords ?? true,
  };
}

function showFolderRules(rules: NonNullable<ProviderProfile['folders']>): z.input<typeof folderRulesSchema> {
  const { ownNames: _ownNames, reserved, withoutMail, ...rest } = rules;
  return {
    ...rest,
    ...(reserved === undefined ? {} : { reserved: [...reserved] }),
    ...(withoutMail === undefined ? {} : { withoutMail: [...withoutMail] }),
  };
}
