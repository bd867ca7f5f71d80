import * as z from 'zod';
import type { LedgerCounts } from '../migration/ledger-counts.ts';

const count = z.number().int().min(0);

export const ledgerCountsSchema = z.object({
  listed: count,
  pending: count,
  copied: count,
  adopted: count,
  skipped: count,
  failed: count,
  bytes: count,
}) satisfies z.ZodType<LedgerCounts>;
