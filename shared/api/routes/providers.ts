import * as z from 'zod';
import { PROVIDERS, profileById } from '../../imap/providers/provider-catalogue.ts';
import { notFound } from '../problem-of-error.ts';
import { defineRoute } from '../route.ts';
import { providerIdSchema, providerSchema, showProvider } from '../schemas/provider-schema.ts';

export const listProviders = defineRoute({
  method: 'GET',
  path: '/v1/providers',
  operationId: 'listProviders',
  summary: 'The providers that are configured in advance',
  description: 'All of them, in the order in which an administrator is offered them; `other` comes last.',
  access: 'mailhaul:read',
  answers: [{ status: 200, description: 'The providers' }],
  answer: z.object({ items: z.array(providerSchema) }),
  handle: async (_request, { catalogue }) => ({
    status: 200,
    body: { items: PROVIDERS.map((profile) => showProvider(profile, catalogue)) },
  }),
});

export const getProvider = defineRoute({
  method: 'GET',
  path: '/v1/providers/{providerId}',
  operationId: 'getProvider',
  summary: 'One provider',
  access: 'mailhaul:read',
  params: z.strictObject({ providerId: providerIdSchema }),
  answers: [{ status: 200, description: 'The provider' }],
  answer: providerSchema,
  handle: async ({ params }, { catalogue }) => {
    const profile = profileById(params.providerId);
    if (profile === undefined) throw notFound();
    return { status: 200, body: showProvider(profile, catalogue) };
  },
});
