import type { MailboxStatus } from '../migration/mailbox-status.ts';
import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { MigrationClosedError, MigrationUnknownError } from './errors.ts';
import type { MigrationKey } from './migration-key.ts';
import type { MailboxOutcome } from './mailbox-outcome.ts';
import { startMailboxes } from './start-mailboxes.ts';
import { stopMailboxes } from './stop-mailboxes.ts';
import { SYNCHRONISING, syncNow } from './sync-now.ts';

export type MigrationAction = 'start' | 'stop' | 'sync';

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
 * Starts, stops or synchronises the mailboxes of a migration, in bounded steps: one call does what fits well into
 * an API request and answers where to go on. A migration of 100,000 mailboxes takes some fifty calls; each is
 * harmless when repeated, so the caller may simply ask again after a failure, from the same cursor or from the
 * beginning. No job is kept on our side that could be lost half-way.
 *
 * @throws MigrationUnknownError, MigrationClosedError
 */
export async function actOnMigration(
  services: Services,
  key: MigrationKey,
  action: MigrationAction,
  options: { cursor?: string; budgetMs?: number; mailboxes?: number } = {},
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
    const outcomes = await ACTIONS[action](services, concerned);
    const served = outcomes.filter((outcome) => outcome.ok).length;
    accepted += served;
    skipped += page.items.length - served;
    cursor = page.cursor;
  } while (cursor !== undefined && accepted + skipped < atMost && clock.monotonic() < deadline);
  return { accepted, skipped, ...(cursor === undefined ? {} : { nextCursor: cursor }) };
}

const ACTIONS: Record<
  MigrationAction,
  (services: Services, mailboxes: readonly MailboxRecord[]) => Promise<MailboxOutcome[]>
> = { start: startMailboxes, stop: stopMailboxes, sync: syncNow };

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
};
