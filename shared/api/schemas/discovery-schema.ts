import * as z from 'zod';
import type { Catalogue } from '../../i18n/catalogue.ts';
import { type Discovery, DISCOVERY_WAYS } from '../../imap/discovery/discover-server.ts';
import { FAILURE_REASONS } from '../../migration/failure-reason.ts';
import { lineSchema } from './bounded-text.ts';

export const discoveryInputSchema = z
  .strictObject({
    address: lineSchema(320).meta({
      description: 'An e-mail address or its domain',
      example: 'anna@example.org',
    }),
  })
  .meta({ id: 'DiscoveryInput' });

const waySchema = z.enum(DISCOVERY_WAYS).meta({
  description:
    '`srv`: the domain publishes it (RFC 6186). `mx`: known by who takes its mail. `usual-name`: it answers under a usual name.',
});

const endpointFields = {
  host: z.string(),
  port: z.number().int(),
  security: z.enum(['tls', 'starttls']),
};

export const discoverySchema = z
  .object({
    domain: z.string(),
    found: z.boolean(),
    by: waySchema.optional(),
    provider: z
      .string()
      .optional()
      .meta({ description: 'Whose server it is; `other` where nobody is known' }),
    endpoint: z.object(endpointFields).optional().meta({ description: 'As a connection takes it' }),
    notOffered: z.boolean().optional().meta({ description: 'The domain itself says that it has no IMAP' }),
    tried: z
      .array(
        z.object({
          by: waySchema,
          ...z.object(endpointFields).partial().shape,
          reason: z.enum(FAILURE_REASONS),
          summary: z.string().meta({ description: 'In the language of Accept-Language' }),
          detail: z.string().meta({ description: 'What exactly, in English' }),
        }),
      )
      .meta({ description: 'What was tried before, or in vain' }),
  })
  .meta({ id: 'Discovery' });

export function showDiscovery(
  discovery: Discovery,
  { failures }: Pick<Catalogue, 'failures'>,
): z.input<typeof discoverySchema> {
  const tried = discovery.tried.map((attempt) => ({ ...attempt, summary: failures[attempt.reason].summary }));
  return { ...discovery, tried };
}
