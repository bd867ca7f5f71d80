import type { ItemFilter } from '../migration/retry-wish.ts';
import type { Services } from '../services.ts';
import { decodeCursor, encodeCursor, type PageOf, type PageRequest } from '../state/cursor.ts';
import { CursorInvalidError } from '../state/errors.ts';
import type { ItemRecord } from '../state/item-repository.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';

export interface MigrationItem {
  readonly mailbox: MailboxRecord;
  readonly item: ItemRecord;
}

const MAILBOXES_AT_ONCE = 50;
/** Mailboxes that one call looks at, and ms that it works, whichever ends first. */
const MAILBOXES_AT_MOST = 500;
const BUDGET_MS = 10_000;

/** Where a page ended: in which page of mailboxes, at which of them, and where in its items. */
interface Position {
  readonly mailboxes: string | undefined;
  readonly mailboxId: string;
  readonly items: string | undefined;
}

/**
 * Messages of all mailboxes of a migration that were not copied, in the order of the mailboxes. A page may hold fewer
 * than `limit`, even none, and still not be the last: most mailboxes have no such message, and a call looks at so many.
 *
 * @throws CursorInvalidError
 */
export async function listMigrationItems(
  { state, clock }: Services,
  { tenant, migrationId }: { readonly tenant: string; readonly migrationId: string },
  { filter, limit, cursor }: PageRequest & { readonly filter: ItemFilter },
): Promise<PageOf<MigrationItem>> {
  const list = `migration-items\n${JSON.stringify([tenant, migrationId, filter])}`;
  const start = cursor === undefined ? undefined : readPosition(decodeCursor(list, cursor));
  const deadline = clock.monotonic() + BUDGET_MS;
  const found: MigrationItem[] = [];
  const until = (position: Position): PageOf<MigrationItem> => ({
    items: found,
    cursor: encodeCursor(list, writePosition(position)),
  });
  let mailboxes = start?.mailboxes;
  let looked = 0;
  for (;;) {
    const page = await state.mailboxes.list(tenant, migrationId, {
      limit: MAILBOXES_AT_ONCE,
      cursor: mailboxes,
    });
    for (const mailbox of page.items) {
      const { mailboxId } = mailbox;
      if (start !== undefined && mailboxId < start.mailboxId) continue;
      const isOver = found.length >= limit || looked >= MAILBOXES_AT_MOST || clock.monotonic() > deadline;
      if (isOver) return until({ mailboxes, mailboxId, items: undefined });
      looked += 1;
      if (!mayHaveItems(mailbox)) continue;
      const own = await state.items.list(mailbox, {
        limit: limit - found.length,
        filter,
        cursor: mailboxId === start?.mailboxId ? start.items : undefined,
      });
      found.push(...own.items.map((item) => ({ mailbox, item })));
      if (own.cursor !== undefined) return until({ mailboxes, mailboxId, items: own.cursor });
    }
    if (page.cursor === undefined) return { items: found };
    mailboxes = page.cursor;
  }
}

/** While a pass runs the last tally does not know what its lanes have met. */
function mayHaveItems({ hasAltered, pass, totals }: MailboxRecord): boolean {
  return pass.phase !== 'idle' || hasAltered === true || totals.skipped + totals.failed > 0;
}

function writePosition({ mailboxes = '', mailboxId, items = '' }: Position): string {
  return [mailboxes, mailboxId, items].join(' ');
}

function readPosition(text: string): Position {
  const [mailboxes = '', mailboxId = '', items = '', ...more] = text.split(' ');
  if (mailboxId === '' || more.length > 0) throw new CursorInvalidError();
  return {
    mailboxId,
    mailboxes: mailboxes === '' ? undefined : mailboxes,
    items: items === '' ? undefined : items,
  };
}
