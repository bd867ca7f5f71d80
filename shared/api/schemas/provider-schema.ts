import * as z from 'zod';
import type { ProviderProfile } from '../../imap/providers/provider-profile.ts';
import { lineSchema } from './bounded-text.ts';

/** The id of a provider's profile in a path or a body. */
export const providerIdSchema = lineSchema(64).meta({ example: 'gmail' });

/** What an admin must know of a provider before users can be moved from there. */
export const providerSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    host: z.string().optional().meta({ description: 'Missing where every organisation has its own server' }),
    port: z.number().int(),
    security: z.enum(['tls', 'starttls']),
    signIn: z.array(z.enum(['password', 'app-password', 'oauth2'])).meta({ description: 'Best way first' }),
    instructions: z.array(z.string()).meta({ description: 'What users do first, in this order' }),
  })
  .meta({ id: 'Provider' });

export function showProvider(profile: ProviderProfile): z.input<typeof providerSchema> {
  const { id, name, host, port, security, signIn, instructions } = profile;
  return {
    id,
    name,
    ...(host === undefined ? {} : { host }),
    port,
    security,
    signIn: [...signIn],
    instructions: [...instructions],
  };
}
