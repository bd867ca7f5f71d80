import * as z from 'zod';
import type { NewConsentLink } from '../../consent/create-links.ts';
import { countSchema, emailSchema, idSchema, isoTime, timeSchema } from './bounded-text.ts';

/** Links in one answer. */
export const MAX_LINKS = 500;
const SIDES = ['source', 'destination'] as const;

export const consentLinksInputSchema = z
  .strictObject({
    mailboxIds: z.array(idSchema).min(1).max(MAX_LINKS).optional(),
    emails: z.array(emailSchema).min(1).max(MAX_LINKS).optional().meta({
      description: 'Users, in place of `mailboxIds`; without both, all mailboxes that wait for consent',
    }),
    missingOnly: z.boolean().default(false).meta({
      description: 'Of those that are named, only the mailboxes that wait for consent',
    }),
    side: z.enum(SIDES).optional().meta({
      description: 'Whose sign-in the consent is for; each side that is opened by consent unless it is given',
    }),
    validHours: z
      .number()
      .int()
      .min(1)
      .max(720)
      .default(168)
      .meta({ description: 'How long the links are good for; a week unless it is given' }),
    cursor: z.string().min(1).max(3000).optional().meta({
      description: '`nextCursor` of the answer before, where links for all mailboxes are asked for',
    }),
  })
  .refine(({ mailboxIds, emails }) => mailboxIds === undefined || emails === undefined, {
    message: 'Give mailboxIds or emails, not both',
  })
  .meta({ id: 'ConsentLinksInput' });

export const consentLinksSchema = z
  .object({
    links: z.array(
      z.object({
        mailboxId: idSchema,
        email: z.string().meta({ description: 'Of the user, whom the link is to be sent to' }),
        side: z.enum(SIDES),
        account: z.string().meta({ description: 'The account that is to consent' }),
        url: z.string().meta({
          description:
            'For this user alone: whoever has it may give the consent. Told once; nobody can look it up.',
        }),
        expiresAt: timeSchema,
      }),
    ),
    redirectUris: z
      .array(z.string())
      .meta({ description: 'To be registered with the application at the sign-in service' }),
    skipped: countSchema.meta({
      description: 'Mailboxes that need no consent: it was given, or they are closed',
    }),
    nextCursor: z.string().optional().meta({ description: 'Missing when all mailboxes were looked at' }),
  })
  .meta({ id: 'ConsentLinks' });

export function showConsentLink(link: NewConsentLink): z.input<typeof consentLinksSchema>['links'][number] {
  const { mailbox, side, account, url, validUntil } = link;
  return {
    mailboxId: mailbox.mailboxId,
    email: mailbox.destinationUser,
    side,
    account,
    url,
    expiresAt: isoTime(validUntil),
  };
}
