import { addCounts, emptyCounts } from '../migration/ledger-counts.ts';
import type { Services } from '../services.ts';

const PAGE = 200;
/** Mailboxes that are summed up in one request; a sum over 100,000 would read 100 MB. */
const AT_MOST = 1_000;

/** The totals of a migration's first mailboxes, and whether those are all. */
export async function sumTotals({ state }: Pick<Services, 'state'>, tenant: string, migrationId: string) {
  let totals = { ...emptyCounts(), folders: 0 };
  let mailboxes = 0;
  let cursor: string | undefined;
  do {
    const page = await state.mailboxes.list(tenant, migrationId, {
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const record of page.items) {
      totals = { ...addCounts(totals, record.totals), folders: totals.folders + record.totals.folders };
    }
    mailboxes += page.items.length;
    cursor = page.cursor;
  } while (cursor !== undefined && mailboxes < AT_MOST);
  return { ...totals, mailboxes, complete: cursor === undefined };
}
