import type { MailboxStatus } from '../migration/mailbox-status.ts';
import type { ItemFilter } from '../migration/retry-wish.ts';
import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { MigrationClosedError, MigrationUnknownError } from './errors.ts';
import type { MigrationKey } from './migration-key.ts';
import type { MailboxOutcome } from './mailbox-outcome.ts';
import { retryItems } from './retry-items.ts';
import { SYNCHRONISING } from './request-pass.ts';
import { startMailboxes } from './start-mailboxes.ts';
import { stopMailboxes } from './stop-mailboxes.ts';
import { syncNow } from './sync-now.ts';

export type MigrationAction = 'start' | 'stop' | 'sync' | 'retry';

export interface MigrationActionResult {
  /** Mailboxes to which the action was applied. */
  readonly accepted: number;
  /** Mailboxes for which there was nothing to do: already where the action leads, or not in a status for it. */
  readonly skipped: number;
  /** Set while mailboxes are left: ask again with it. */
  readonly nextCursor?: string;
}

const PAGE = 100;
/** Mailboxes that one call looks at, and ms that it works, whichever ends first. */
const MAILBOXES_AT_MOST = 2_000;
const BUDGET_MS = 12_000;

/**
 * Starts, stops or synchronises the mailboxes of a migration, or has messages tried again that were not copied, in
 * bounded steps: one call does what fits well into an API request and answers where to go on. A migration of 100,000
 * mailboxes takes some fifty calls; each is harmless when repeated, so the caller may simply ask again after a failure,
 * from the same cursor or from the beginning. No job is kept on our side that could be lost half-way.
 *
 * @param options.retry which messages are tried again; all of them without it
 * @throws MigrationUnknownError, MigrationClosedError
 */
export async function actOnMigration(
  services: Services,
  key: MigrationKey,
  action: MigrationAction,
  options: { cursor?: string; budgetMs?: number; mailboxes?: number; retry?: ItemFilter } = {},
): Promise<MigrationActionResult> {
  const { state, clock } = services;
  const migration = await state.migrations.get(key.tenant, key.migrationId);
  if (migration === undefined) throw new MigrationUnknownError(key.migrationId);
  if (migration.status !== 'active') throw new MigrationClosedError(key.migrationId);

  const deadline = clock.monotonic() + (options.budgetMs ?? BUDGET_MS);
  const atMost = options.mailboxes ?? MAILBOXES_AT_MOST;
  let { cursor } = options;
  let accepted = 0;
  let skipped = 0;
  do {
    const page = await state.mailboxes.list(key.tenant, key.migrationId, {
      limit: Math.min(PAGE, atMost - accepted - skipped),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const concerned = page.items.filter((mailbox) => CONCERNED[action].has(mailbox.status));
    const outcomes = await act(services, action, concerned, options.retry);
    const served = outcomes.filter((outcome) => outcome.ok && (action !== 'retry' || outcome.changed)).length;
    accepted += served;
    skipped += page.items.length - served;
    cursor = page.cursor;
  } while (cursor !== undefined && accepted + skipped < atMost && clock.monotonic() < deadline);
  return { accepted, skipped, ...(cursor === undefined ? {} : { nextCursor: cursor }) };
}

function act(
  services: Services,
  action: MigrationAction,
  mailboxes: readonly MailboxRecord[],
  retry: ItemFilter = {},
): Promise<MailboxOutcome[]> {
  switch (action) {
    case 'start':
      return startMailboxes(services, mailboxes);
    case 'stop':
      return stopMailboxes(services, mailboxes);
    case 'sync':
      return syncNow(services, mailboxes);
    case 'retry':
      return retryItems(services, mailboxes, [{ kind: 'matching', ...retry }]);
  }
}

/** Statuses in which the action has something to do; for the whole migration the others are passed over. */
const CONCERNED: Record<MigrationAction, ReadonlySet<MailboxStatus>> = {
  start: new Set(['stopped', 'needs-attention', 'waiting-for-user', 'failed']),
  stop: new Set([
    'starting',
    'queued',
    'syncing',
    'synced',
    'throttled',
    'needs-attention',
    'waiting-for-user',
    'stopping',
  ]),
  sync: SYNCHRONISING,
  retry: SYNCHRONISING,
};
