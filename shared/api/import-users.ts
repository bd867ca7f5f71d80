import pMap from 'p-map';
import * as z from 'zod';
import type { Services } from '../services.ts';
import type { UserRecord } from '../state/user-repository.ts';
import { checkCsvRows } from './check-csv-rows.ts';
import { parseCsv } from './parse-csv.ts';
import { emailSchema, lineSchema } from './schemas/bounded-text.ts';

const COLUMNS = {
  required: ['EmailAddress'],
  optional: ['DisplayName', 'SourceEmailAddress'],
} as const;

const rowSchema = z.object({
  EmailAddress: emailSchema,
  DisplayName: lineSchema(200).optional(),
  SourceEmailAddress: emailSchema.optional(),
});

const PAGE = 1000;
/** Users that are written one batch after another, and how many such slices at once: 50,000 take some seconds. */
const SLICE = 500;
const CONCURRENCY = 8;

/**
 * Stores the users of a CSV file: all are checked before the first is written, and only what differs is written, so
 * that a file whose import was interrupted is simply imported again.
 * @throws ProblemError csv-invalid
 */
export async function importUsers(
  { state, clock }: Pick<Services, 'state' | 'clock'>,
  tenant: string,
  csv: string,
): Promise<{ created: number; updated: number; unchanged: number }> {
  const rows = checkCsvRows(parseCsv(csv, COLUMNS), rowSchema, (row) => row.EmailAddress);
  const known = await allUsers(state, tenant);
  const now = clock.now();
  let created = 0;
  const changed: UserRecord[] = [];
  for (const row of rows) {
    const before = known.get(row.EmailAddress.toLowerCase());
    const displayName = row.DisplayName ?? before?.displayName;
    const user: UserRecord = {
      tenant,
      email: before?.email ?? row.EmailAddress,
      ...(displayName === undefined ? {} : { displayName }),
      sourceEmail: row.SourceEmailAddress ?? before?.sourceEmail ?? row.EmailAddress,
      createdAt: before?.createdAt ?? now,
    };
    if (before === undefined) created += 1;
    if (before?.displayName !== user.displayName || before?.sourceEmail !== user.sourceEmail)
      changed.push(user);
  }
  await pMap(slices(changed), (slice) => state.users.putAll(slice), { concurrency: CONCURRENCY });
  return { created, updated: changed.length - created, unchanged: rows.length - changed.length };
}

function slices(users: readonly UserRecord[]): UserRecord[][] {
  const count = Math.ceil(users.length / SLICE);
  return Array.from({ length: count }, (_, index) => users.slice(index * SLICE, (index + 1) * SLICE));
}

async function allUsers(state: Services['state'], tenant: string): Promise<Map<string, UserRecord>> {
  const users = new Map<string, UserRecord>();
  let cursor: string | undefined;
  do {
    const page = await state.users.list(tenant, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    for (const user of page.items) users.set(user.email.toLowerCase(), user);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return users;
}
