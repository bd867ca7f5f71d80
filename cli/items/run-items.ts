import { access } from 'node:fs/promises';
import pMap from 'p-map';
import { unlessAborted } from '../../infra/local/unless-aborted.ts';
import type { Clock } from '../../shared/migration/clock.ts';
import type { ItemFilter } from '../../shared/migration/retry-wish.ts';
import { createApiClient } from '../api/api-client.ts';
import { createMailhaulApi, type MailhaulApi, type MigrationItem } from '../api/mailhaul-api.ts';
import { ApiRequestError, UsageError } from '../errors.ts';
import { type LocalService, startLocalService } from '../local-service.ts';
import { watchMailboxes } from '../migrate/watch-mailboxes.ts';
import type { ProgressView } from '../progress/progress-view.ts';

export interface ItemsRequest {
  readonly stateDir: string;
  /** Of the destination; all where none is named. */
  readonly mailboxes: readonly string[];
  readonly filter: ItemFilter;
  /** Have them tried again, and wait until they were. */
  readonly retry: boolean;
}

export interface ItemsSurroundings {
  readonly view: ProgressView;
  /** Aborted by Ctrl-C. What was asked for goes on with the next run. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Mailboxes asked at once. */
const CONCURRENCY = 8;

/**
 * What was not copied of the mailboxes of a state folder; with `retry`, what is left when it was tried again.
 * @throws UsageError, ApiRequestError, LocalCloudDiedError
 */
export async function runItems(
  request: ItemsRequest,
  surroundings: ItemsSurroundings,
): Promise<MigrationItem[]> {
  const { environment } = surroundings;
  await access(request.stateDir).catch((cause: unknown) => {
    throw new UsageError(
      `There is no state folder ${request.stateDir}. Name the one of "mailhaul migrate" with --state.`,
      { cause },
    );
  });
  const service = await startLocalService({ stateDir: request.stateDir, port: 0, environment });
  try {
    return await unlessAborted(service.failed, listOrRetry(service, request, surroundings));
  } finally {
    await service.stop();
  }
}

async function listOrRetry(
  service: LocalService,
  request: ItemsRequest,
  surroundings: ItemsSurroundings,
): Promise<MigrationItem[]> {
  const token = await service.token();
  const api = createMailhaulApi(createApiClient(service.url, () => Promise.resolve(token)));
  const migrations = (await api.migrations()).filter(({ status }) => status !== 'closed' || !request.retry);
  const wanted = new Set(request.mailboxes.map((email) => email.toLowerCase()));
  const list = async (): Promise<MigrationItem[]> => {
    const lists = await pMap(
      migrations,
      ({ migrationId }) => api.migrationItems(migrationId, request.filter),
      { concurrency: 1 },
    );
    return lists.flat().filter(({ email }) => wanted.size === 0 || wanted.has(email.toLowerCase()));
  };
  await requireKnown(api, migrations, wanted);
  const found = await list();
  if (!request.retry || found.length === 0) return found;
  await retry(api, service, request, surroundings, [...new Set(found.map(({ mailboxId }) => mailboxId))]);
  return list();
}

/** A mailbox that is misspelled must not look like one of which everything was copied. */
async function requireKnown(
  api: MailhaulApi,
  migrations: ReadonlyArray<{ readonly migrationId: string }>,
  wanted: ReadonlySet<string>,
): Promise<void> {
  const unknown = new Set(wanted);
  for (const { migrationId } of unknown.size === 0 ? [] : migrations) {
    for (const { destinationUser } of await api.mailboxes(migrationId)) {
      unknown.delete(destinationUser.toLowerCase());
    }
  }
  if (unknown.size === 0) return;
  throw new UsageError(`The state folder knows no mailbox ${[...unknown].join(', ')}. Check --mailbox.`);
}

/** Asks for another try and waits until it was made. */
async function retry(
  api: MailhaulApi,
  service: LocalService,
  { filter }: ItemsRequest,
  { clock, signal, view }: ItemsSurroundings,
  mailboxIds: readonly string[],
): Promise<void> {
  const since = clock.now();
  const asked = await pMap(mailboxIds, (mailboxId) => askFor(api, mailboxId, filter, view), {
    concurrency: CONCURRENCY,
  });
  const watched = asked.filter((mailboxId) => mailboxId !== undefined);
  if (watched.length === 0) return;
  await watchMailboxes({
    list: () => pMap(watched, (mailboxId) => api.mailbox(mailboxId), { concurrency: CONCURRENCY }),
    news: (until) => service.workEnded(until),
    since,
    untilDone: true,
    view,
    signal,
    clock,
  });
}

async function askFor(
  api: MailhaulApi,
  mailboxId: string,
  filter: ItemFilter,
  view: ProgressView,
): Promise<string | undefined> {
  try {
    await api.retry(mailboxId, filter);
    return mailboxId;
  } catch (error) {
    if (!(error instanceof ApiRequestError) || error.problem !== 'mailbox-status') throw error;
    view.note(`Not tried again: ${error.message}`);
    return undefined;
  }
}
