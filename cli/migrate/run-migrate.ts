import pMap from 'p-map';
import type { MailhaulApi } from '../api/mailhaul-api.ts';
import type { MailboxView } from '../api/mailbox-view.ts';
import type { loadFunctions } from '../../infra/local/load-functions.ts';
import { unlessAborted } from '../../infra/local/unless-aborted.ts';
import type { Clock } from '../../shared/migration/clock.ts';
import { type LocalService, startLocalService } from '../local-service.ts';
import type { ProgressView } from '../progress/progress-view.ts';
import { buildReport, type MigrationReport } from '../report/migration-report.ts';
import { ServerNotVerifiedError } from './errors.ts';
import { startMailboxes } from './join-mailboxes.ts';
import { notVerifiedReport } from './not-verified-report.ts';
import { type MigrationRequest, type OpenedMigration, openMigration } from './open-migration.ts';
import { watchMailboxes } from './watch-mailboxes.ts';

export interface MigrateRequest extends MigrationRequest {
  /** End when every mailbox is done; else go on until the signal. */
  readonly once: boolean;
  readonly resyncSeconds?: number | undefined;
  readonly lanes?: number | undefined;
}

export interface MigrateSurroundings {
  readonly view: ProgressView;
  /** Aborted by Ctrl-C: take no more work, let the lanes hand over, keep the state. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** See `startLocalService`. */
  readonly loadFunctions?: typeof loadFunctions;
}

/** Mailboxes whose workers are asked for their progress at each look; the others show the last tally. */
const MAX_LIVE = 24;

/**
 * Runs the whole service in this process, drives it through its HTTP API, and tells what became of each mailbox.
 * Run again with the same state folder it is an incremental pass, whatever ended the run before.
 * @throws LocalCloudDiedError when the service cannot go on
 */
export async function runMigrate(
  request: MigrateRequest,
  surroundings: MigrateSurroundings,
): Promise<MigrationReport> {
  const { clock } = surroundings;
  const began = clock.now();
  const service = await startLocalService(
    {
      stateDir: request.stateDir,
      port: 0,
      resyncSeconds: request.resyncSeconds,
      lanes: request.lanes,
      environment: surroundings.environment,
    },
    surroundings.loadFunctions,
  );
  try {
    return await unlessAborted(service.failed, migrate(service, request, surroundings, began));
  } catch (error) {
    if (!(error instanceof ServerNotVerifiedError)) throw error;
    return notVerifiedReport(request.users, error, (clock.now() - began) / 1000);
  } finally {
    await service.stop();
  }
}

async function migrate(
  service: LocalService,
  request: MigrateRequest,
  surroundings: MigrateSurroundings,
  began: number,
): Promise<MigrationReport> {
  const { clock, view, signal } = surroundings;
  const opened = await openMigration(service, request, { start: true });
  const { api, migrationId, mailboxIds, before } = opened;
  await startMailboxes(api, opened);
  let justSeen = startedJustNow(opened);
  const watched = await watchMailboxes({
    list: async () => {
      const seen = justSeen ?? (await look(api, migrationId, new Set(mailboxIds)));
      justSeen = undefined;
      return seen;
    },
    news: (until) => service.workEnded(until),
    since: began,
    untilDone: request.once,
    view,
    signal,
    clock,
  });
  if (signal.aborted) view.note('Stopping: what is under way is handed over. Ctrl-C again ends at once.');
  const seconds = (at: number) => (at - began) / 1000;
  const ended = clock.now();
  const inputs = await pMap(
    watched.mailboxes,
    async (mailbox) => ({
      mailbox,
      before: before.get(mailbox.mailboxId)?.messages,
      seconds: seconds(watched.doneAt.get(mailbox.mailboxId) ?? ended),
      items: await api.items(mailbox.mailboxId),
    }),
    { concurrency: 4 },
  );
  const interrupted = watched.mailboxes.some(({ mailboxId }) => !watched.doneAt.has(mailboxId));
  return buildReport(inputs, { seconds: seconds(ended), interrupted });
}

/** The mailboxes of this run, if all of them were made and started a moment ago: they need not be looked at again. */
function startedJustNow({ mailboxIds, made }: OpenedMigration): readonly MailboxView[] | undefined {
  const mailboxes = [...made.values()];
  const all = mailboxes.length === mailboxIds.length;
  return all && mailboxes.every(({ status }) => status === 'starting') ? mailboxes : undefined;
}

/** The mailboxes of this run; those that are copied at this moment with the progress of their workers. */
async function look(
  api: MailhaulApi,
  migrationId: string,
  mailboxIds: ReadonlySet<string>,
): Promise<readonly MailboxView[]> {
  const mailboxes = (await api.mailboxes(migrationId)).filter(({ mailboxId }) => mailboxIds.has(mailboxId));
  const live = new Map<string, MailboxView>();
  const moving = mailboxes.filter(({ pass }) => pass.phase === 'copying').slice(0, MAX_LIVE);
  await pMap(
    moving,
    async ({ mailboxId }) => {
      live.set(mailboxId, await api.mailbox(mailboxId));
    },
    { concurrency: 4 },
  );
  return mailboxes.map((mailbox) => live.get(mailbox.mailboxId) ?? mailbox);
}
