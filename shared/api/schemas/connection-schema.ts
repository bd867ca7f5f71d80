import * as z from 'zod';
import type { ConnectionRecord } from '../../state/connection-repository.ts';
import { idSchema, isoTime, timeSchema } from './bounded-text.ts';
import { endpointSchema } from './endpoint-schema.ts';
import { providerIdSchema } from './provider-schema.ts';
import { showSignIn, signInInputSchema, signInSchema, testAccountSchema } from './sign-in-schema.ts';
import { verdictSchema } from './verdict-schema.ts';

export const connectionInputSchema = z
  .strictObject({
    provider: providerIdSchema.optional().meta({ description: '`other`, or left out, for a server by name' }),
    endpoint: endpointSchema
      .optional()
      .meta({ description: 'Needed where the provider has no server of its own that all use' }),
    signIn: signInInputSchema
      .optional()
      .meta({ description: 'How its mailboxes are opened; without it by a password each' }),
    account: testAccountSchema,
  })
  .meta({ id: 'ConnectionInput' });

export const connectionSchema = z
  .object({
    connectionId: idSchema,
    provider: z.string(),
    endpoint: endpointSchema,
    signIn: signInSchema,
    status: z.enum(['verified', 'closing', 'closed']),
    verifiedAt: timeSchema,
    createdAt: timeSchema,
    closedAt: timeSchema.optional(),
    verdict: verdictSchema.optional().meta({ description: 'Of the test before it was saved' }),
  })
  .meta({ id: 'Connection', description: 'A service that mail is moved from' });

export const connectionParams = z.strictObject({ connectionId: idSchema });

export function showConnection(record: ConnectionRecord): z.input<typeof connectionSchema> {
  const { connectionId, provider, endpoint, status } = record;
  return {
    connectionId,
    provider,
    endpoint,
    signIn: showSignIn(record.signIn),
    status,
    verifiedAt: isoTime(record.verifiedAt),
    createdAt: isoTime(record.createdAt),
    ...(record.closedAt === undefined ? {} : { closedAt: isoTime(record.closedAt) }),
  };
}
