import pMap from 'p-map';
import { emptyCounts } from '../migration/ledger-counts.ts';
import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import type { MigrationRecord } from '../state/migration-repository.ts';
import type { MailboxCredential } from '../vault/vault.ts';
import { changeMigration } from './change-migration.ts';
import { closeMailboxes } from './close-mailboxes.ts';
import { MailboxConflictError, MigrationClosedError } from './errors.ts';
import { consentsOf } from './consents-of.ts';
import { mailboxIdOf } from './mailbox-id.ts';

/** A user's mailbox to be moved. */
export interface NewMailbox {
  /** The destination mailbox: an address of one of the tenant's users. */
  readonly email: string;
  readonly displayName?: string;
  readonly sourceUser: string;
  /** A folder below which the user's mail lies, for servers that keep many users in one tree. */
  readonly userRoot?: string;
  readonly credential: MailboxCredential;
}

export interface AddedMailboxes {
  readonly added: readonly MailboxRecord[];
  /** Were there already, from the same source account; nothing of them was changed, their passwords neither. */
  readonly existing: readonly MailboxRecord[];
}

/**
 * Adds mailboxes, stopped. Credentials go to the vault first, then the records: a mailbox that can be seen has its
 * password. If we die in between, the same request made again finishes it, because identifiers follow from the
 * names; and closing the migration destroys what no record points to.
 *
 * @param options.laneLimit connections that one mailbox may use at once
 * @throws MigrationClosedError, MailboxConflictError
 */
export async function addMailboxes(
  services: Services,
  migration: MigrationRecord,
  mailboxes: readonly NewMailbox[],
  options: { laneLimit: number },
): Promise<AddedMailboxes> {
  const { tenant, migrationId } = migration;
  const { state, vault, clock } = services;
  if (migration.status !== 'active') throw new MigrationClosedError(migrationId);

  const planned = mailboxes.map((mailbox) => ({
    mailbox,
    mailboxId: mailboxIdOf(tenant, migrationId, mailbox.email),
  }));
  const found = await pMap(planned, ({ mailboxId }) => state.mailboxes.get(tenant, mailboxId), {
    concurrency: 16,
  });
  const existing: MailboxRecord[] = [];
  const conflicts: string[] = [];
  const missing = planned.filter(({ mailbox }, index) => {
    const record = found[index];
    if (record === undefined) return true;
    if (record.sourceUser === mailbox.sourceUser && record.userRoot === mailbox.userRoot)
      existing.push(record);
    else conflicts.push(mailbox.email);
    return false;
  });
  if (conflicts.length > 0) throw new MailboxConflictError(conflicts);
  if (missing.length === 0) {
    // They may be there because a request died just before it counted them.
    if (existing.length > 0) await settleCount(services, migration, 0, true);
    return { added: [], existing };
  }

  const shards = await vault.putMailboxes(
    tenant,
    migrationId,
    missing.map(({ mailbox, mailboxId }) => ({ mailboxId, credential: mailbox.credential })),
  );
  const now = clock.now();
  const added = missing.map(({ mailbox, mailboxId }): MailboxRecord => {
    const credentialShard = shards.get(mailboxId);
    if (credentialShard === undefined) throw new Error(`The vault named no shard for mailbox ${mailboxId}.`);
    return {
      tenant,
      mailboxId,
      migrationId,
      connectionId: migration.connectionId,
      sourceUser: mailbox.sourceUser,
      ...(mailbox.userRoot === undefined ? {} : { userRoot: mailbox.userRoot }),
      destinationUser: mailbox.email,
      ...(mailbox.displayName === undefined ? {} : { displayName: mailbox.displayName }),
      status: 'stopped',
      statusSince: now,
      pass: { number: 0, kind: 'initial', phase: 'idle', trigger: 'start', startedAt: now },
      laneLimit: options.laneLimit,
      consecutiveThrottles: 0,
      failures: 0,
      totals: { ...emptyCounts(), folders: 0 },
      credentialShard,
      ...consentsOf(mailbox.credential, now),
      version: 0,
    };
  });
  await state.mailboxes.create(added);
  if (!(await settleCount(services, migration, added.length, existing.length > 0))) {
    // Closed while we wrote: what came after its credentials were destroyed goes the same way.
    await vault.destroyMigration(tenant, migrationId);
    await closeMailboxes(services, added);
    throw new MigrationClosedError(migrationId);
  }
  return { added, existing };
}

/**
 * The count is kept beside the list. Where mailboxes were there already, an earlier request may have died before
 * it counted them: then the statuses are counted.
 *
 * @returns whether the migration is still active
 */
async function settleCount(
  services: Services,
  migration: MigrationRecord,
  added: number,
  recount: boolean,
): Promise<boolean> {
  const { tenant, migrationId } = migration;
  const counted = recount ? await services.state.mailboxes.countByStatus(tenant, migrationId) : undefined;
  const seen = counted === undefined ? 0 : Object.values(counted).reduce((sum, count) => sum + count, 0);
  const count = (current: MigrationRecord): MigrationRecord => ({
    ...current,
    mailboxCount: Math.max(current.mailboxCount + added, seen),
  });
  const after = await changeMigration(services, migration, count, migration);
  return after?.status === 'active';
}
