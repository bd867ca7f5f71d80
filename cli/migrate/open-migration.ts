import type { SignInInput } from '../../shared/api/schemas/sign-in-schema.ts';
import type { LabelPolicy } from '../../shared/migration/label-policy.ts';
import type { MailSelection } from '../../shared/migration/selection/mail-selection.ts';
import { createApiClient } from '../api/api-client.ts';
import { createMailhaulApi, type MailhaulApi } from '../api/mailhaul-api.ts';
import type { LocalService } from '../local-service.ts';
import type { ServerAddress } from '../server-address.ts';
import type { UserRow } from '../users/user-row.ts';
import { firstMailboxes, type Joined, joinMailboxes } from './join-mailboxes.ts';
import { setUpMigration } from './set-up-migration.ts';

export interface MigrationRequest {
  readonly source: ServerAddress;
  readonly destination: ServerAddress;
  /** PEM, trusted on both sides besides the system's authorities. */
  readonly ca?: string | undefined;
  readonly users: readonly UserRow[];
  readonly sourceSignIn?: SignInInput | undefined;
  readonly destinationSignIn?: SignInInput | undefined;
  /** Whose servers they are, where their names do not tell. */
  readonly sourceProvider?: string | undefined;
  readonly destinationProvider?: string | undefined;
  /** Undefined: what was chosen before, or everything. */
  readonly selection?: MailSelection | undefined;
  /** Undefined: as before, or as it is by default. */
  readonly labels?: LabelPolicy | undefined;
  readonly stateDir: string;
}

export interface OpenedMigration extends Joined {
  readonly api: MailhaulApi;
  readonly migrationId: string;
}

/**
 * The migration of a state folder with all its mailboxes, made where it is not there yet.
 * @param options.start mailboxes that are not there yet; the others stay as they are
 * @throws ServerNotVerifiedError, UsageError, ApiRequestError
 */
export async function openMigration(
  service: LocalService,
  request: MigrationRequest,
  options: { readonly start: boolean } = { start: false },
): Promise<OpenedMigration> {
  const token = await service.token();
  const api = createMailhaulApi(createApiClient(service.url, () => Promise.resolve(token)));
  const withCa = (address: ServerAddress) =>
    request.ca === undefined ? address : { ...address, ca: request.ca };
  const { migrationId, isNew } = await setUpMigration(api, {
    source: withCa(request.source),
    destination: withCa(request.destination),
    users: request.users,
    sourceSignIn: request.sourceSignIn,
    destinationSignIn: request.destinationSignIn,
    sourceProvider: request.sourceProvider,
    destinationProvider: request.destinationProvider,
    beginning: {
      mailboxes: firstMailboxes(request.users),
      start: options.start,
      selection: request.selection,
      labels: request.labels,
    },
  });
  if (!isNew && request.selection !== undefined) await api.select(migrationId, request.selection);
  if (!isNew && request.labels !== undefined) await api.chooseLabels(migrationId, request.labels);
  return {
    api,
    migrationId,
    ...(await joinMailboxes(api, migrationId, request.users, { ...options, isNew })),
  };
}
