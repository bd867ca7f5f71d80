import * as z from 'zod';
import type { DestinationRecord } from '../../state/destination-repository.ts';
import { isoTime, lineSchema, passwordSchema, timeSchema } from './bounded-text.ts';
import { endpointSchema } from './endpoint-schema.ts';
import { refreshTokenSchema, showSignIn, signInInputSchema, signInSchema } from './sign-in-schema.ts';
import { providerIdSchema } from './provider-schema.ts';
import { verdictSchema } from './verdict-schema.ts';

/** Whom to try the destination as. */
export const destinationTestSchema = z
  .strictObject({
    user: lineSchema(320).meta({ description: 'A mailbox at the destination' }),
    password: passwordSchema
      .optional()
      .meta({ description: 'Its password; not needed where an administrator signs in. It is not stored.' }),
    refreshToken: refreshTokenSchema
      .optional()
      .meta({ description: 'In place of a password, where mailboxes are opened by tokens of their users' }),
  })
  .meta({ id: 'DestinationTest' });

export const destinationInputSchema = z
  .strictObject({
    endpoint: endpointSchema,
    provider: providerIdSchema.optional().meta({
      description:
        'Whose server it is, where its name does not tell: `dovecot`, `cyrus`, `exchange-on-premises`, …',
    }),
    signIn: signInInputSchema,
    test: destinationTestSchema.optional().meta({
      description:
        'Whom to try it as before it is saved. Without it an administrator is tried as the first user of the tenant.',
    }),
  })
  .meta({ id: 'DestinationInput' });

export const destinationSchema = z
  .object({
    endpoint: endpointSchema,
    provider: z.string().optional(),
    signIn: signInSchema,
    verifiedAt: timeSchema.optional().meta({ description: 'Missing where it could not be tried yet' }),
    updatedAt: timeSchema,
    verdict: verdictSchema.optional().meta({ description: 'Of the test before it was saved' }),
  })
  .meta({ id: 'Destination', description: 'Where the mailboxes of the tenant live' });

export function showDestination(record: DestinationRecord): z.input<typeof destinationSchema> {
  return {
    endpoint: record.endpoint,
    ...(record.provider === undefined ? {} : { provider: record.provider }),
    signIn: showSignIn(record.signIn),
    ...(record.verifiedAt === undefined ? {} : { verifiedAt: isoTime(record.verifiedAt) }),
    updatedAt: isoTime(record.updatedAt),
  };
}
