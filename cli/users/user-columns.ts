import { z } from 'zod';
import { emailSchema } from '../../shared/api/schemas/bounded-text.ts';
import { refreshTokenSchema } from '../../shared/api/schemas/sign-in-schema.ts';
import type { WantedSecrets } from './user-row.ts';

export const COLUMNS = [
  'EmailAddress',
  'UserName',
  'Password',
  'RefreshToken',
  'DestinationPassword',
  'DestinationRefreshToken',
  'UserRoot',
] as const;
export type Column = (typeof COLUMNS)[number];

/** The columns without which nobody can sign in at the source; the destination's may come from the environment. */
export function requiredColumns({ source }: WantedSecrets): Column[] {
  switch (source) {
    case 'password':
      return ['EmailAddress', 'UserName', 'Password'];
    case 'refresh-token':
      return ['EmailAddress', 'UserName', 'RefreshToken'];
    case 'consent':
    case undefined:
      return ['EmailAddress', 'UserName'];
  }
}

/** A cell of one line; messages are `problem|remedy`. The bounds are those of the API. */
function cell(max: number) {
  return z
    .string()
    .max(max, `is longer than ${max} characters|Shorten it`)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'holds a line break or another control character|Remove it');
}
const EMPTY = 'is empty|Fill it in';

const token = z
  .string()
  .refine(
    (text) => text === '' || refreshTokenSchema.safeParse(text).success,
    'is not a refresh token|Copy it whole, without line breaks',
  );

/** What is wanted must be there, except a destination's password: that may come from the environment. */
export function rowSchemaFor({ source, destination }: WantedSecrets) {
  return z.object({
    EmailAddress: cell(254)
      .min(1, EMPTY)
      .refine(
        (text) => text === '' || emailSchema.safeParse(text).success,
        'is not an e-mail address|Write the address of the destination mailbox, like anna@example.org',
      ),
    UserName: cell(320).min(1, EMPTY),
    Password: source === 'password' ? cell(1024).min(1, EMPTY) : cell(1024),
    RefreshToken: source === 'refresh-token' ? token.min(1, EMPTY) : token,
    DestinationPassword: cell(1024),
    DestinationRefreshToken: destination === 'refresh-token' ? token.min(1, EMPTY) : token,
    UserRoot: cell(255),
  });
}
