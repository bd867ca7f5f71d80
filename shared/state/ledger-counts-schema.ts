import * as z from 'zod';
import type { LedgerCounts } from '../migration/ledger-counts.ts';

const count = z.number().int().min(0);

export const ledgerCountsSchema = z.object({
  listed: count,
  pending: count,
  copied: count,
  adopted: count,
  skipped: count,
  // Of records from before there was this figure; the next tally has it right.
  underOtherLabel: count.default(0),
  failed: count,
  bytes: count,
}) satisfies z.ZodType<LedgerCounts>;
