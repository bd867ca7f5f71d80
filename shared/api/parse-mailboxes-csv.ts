import * as z from 'zod';
import { checkCsvRows } from './check-csv-rows.ts';
import type { PlaceOf } from './check-mailboxes.ts';
import { parseCsv } from './parse-csv.ts';
import { accountNameSchema, emailSchema, lineSchema, passwordSchema } from './schemas/bounded-text.ts';
import { MAX_MAILBOXES, type MailboxInput } from './schemas/migration-schema.ts';
import { refreshTokenSchema } from './schemas/sign-in-schema.ts';

const COLUMNS = {
  required: ['EmailAddress', 'UserName'],
  optional: ['Password', 'RefreshToken', 'DestinationPassword', 'DestinationRefreshToken', 'UserRoot'],
} as const;

const rowSchema = z.object({
  EmailAddress: emailSchema,
  UserName: accountNameSchema,
  Password: passwordSchema.optional(),
  RefreshToken: refreshTokenSchema.optional(),
  DestinationPassword: passwordSchema.optional(),
  DestinationRefreshToken: refreshTokenSchema.optional(),
  UserRoot: lineSchema(255).optional(),
});

const COLUMN_OF = {
  email: 'EmailAddress',
  password: 'Password',
  refreshToken: 'RefreshToken',
  destinationPassword: 'DestinationPassword',
  destinationRefreshToken: 'DestinationRefreshToken',
} as const;

/** The mailboxes of a CSV file, and where each stands in it. @throws ProblemError csv-invalid */
export function parseMailboxesCsv(csv: string): { inputs: MailboxInput[]; placeOf: PlaceOf } {
  const rows = parseCsv(csv, COLUMNS, MAX_MAILBOXES);
  const inputs = checkCsvRows(rows, rowSchema, (row) => row.EmailAddress).map(
    (row): MailboxInput => ({
      email: row.EmailAddress,
      sourceUser: row.UserName,
      password: row.Password,
      refreshToken: row.RefreshToken,
      destinationPassword: row.DestinationPassword,
      destinationRefreshToken: row.DestinationRefreshToken,
      userRoot: row.UserRoot,
    }),
  );
  return {
    inputs,
    placeOf: (index, field) => ({ row: rows[index]?.row ?? 0, column: COLUMN_OF[field] }),
  };
}
