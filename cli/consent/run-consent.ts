import { setTimeout as wait } from 'node:timers/promises';
import { unlessAborted } from '../../infra/local/unless-aborted.ts';
import type { Clock } from '../../shared/migration/clock.ts';
import type { ConsentLink, MailhaulApi } from '../api/mailhaul-api.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { startLocalService } from '../local-service.ts';
import { type MigrationRequest, openMigration } from '../migrate/open-migration.ts';

export interface ConsentRequest extends MigrationRequest {
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly validHours: number | undefined;
}

export interface ConsentSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** The links, once. */
  readonly show: (links: readonly ConsentLink[]) => void;
  /** For the person who waits. */
  readonly note: (line: string) => void;
}

/** Ms between two looks at who has consented. */
const PAUSE_MS = 1_000;
/** As many as one request takes. */
const BATCH = 500;

/**
 * Makes links for the users of a migration who have not consented yet, serves them on this machine, and waits until all
 * have consented.
 * @throws ServerNotVerifiedError, UsageError, ApiRequestError, LocalCloudDiedError
 */
export async function runConsent(
  request: ConsentRequest,
  surroundings: ConsentSurroundings,
): Promise<ExitCode> {
  const { environment } = surroundings;
  const { stateDir, port, publicUrl } = request;
  const service = await startLocalService({ stateDir, port, publicUrl, environment });
  const serve = async (): Promise<ExitCode> => {
    const { api, migrationId, mailboxIds } = await openMigration(service, request);
    const since = surroundings.clock.now();
    const { links, redirectUris } = await makeLinks(api, migrationId, mailboxIds, request.validHours);
    surroundings.show(links);
    if (links.length === 0) {
      surroundings.note('Nobody has to consent: every mailbox has what it takes.');
      return EXIT.ok;
    }
    for (const uri of redirectUris) {
      surroundings.note(`Redirect URI, to be registered with the application: ${uri}`);
    }
    surroundings.note(
      `Waiting for ${links.length} consents. The links work while this command runs; Ctrl-C ends it.`,
    );
    return waitForAll(api, migrationId, links, since, surroundings);
  };
  try {
    return await unlessAborted(service.failed, serve());
  } finally {
    await service.stop();
  }
}

async function makeLinks(
  api: MailhaulApi,
  migrationId: string,
  mailboxIds: readonly string[],
  validHours: number | undefined,
): Promise<{ links: ConsentLink[]; redirectUris: string[] }> {
  const links: ConsentLink[] = [];
  const redirectUris = new Set<string>();
  for (let start = 0; start < mailboxIds.length; start += BATCH) {
    const made = await api.consentLinks(migrationId, mailboxIds.slice(start, start + BATCH), validHours);
    links.push(...made.links);
    for (const uri of made.redirectUris) redirectUris.add(uri);
  }
  return { links, redirectUris: [...redirectUris] };
}

async function waitForAll(
  api: MailhaulApi,
  migrationId: string,
  links: readonly ConsentLink[],
  since: number,
  { signal, note }: ConsentSurroundings,
): Promise<ExitCode> {
  let open = links;
  for (;;) {
    const mailboxes = new Map(
      (await api.mailboxes(migrationId)).map((mailbox) => [mailbox.mailboxId, mailbox]),
    );
    const given = open.filter(
      ({ mailboxId, side }) => (mailboxes.get(mailboxId)?.consents?.[side] ?? 0) >= since,
    );
    open = open.filter((link) => !given.includes(link));
    for (const { account, side } of given) note(`${account} has consented (${side}); ${open.length} to go.`);
    if (open.length === 0) {
      note('All have consented. Go on with "mailhaul migrate" and the same options.');
      return EXIT.ok;
    }
    await wait(PAUSE_MS, undefined, { signal }).catch(() => undefined); // an abort is seen below
    if (signal.aborted) {
      for (const { account, side } of open) note(`${account} has not consented yet (${side}).`);
      return EXIT.interrupted;
    }
  }
}
