import { KeyInvalidError } from './errors.ts';

/** Names one item of the table. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** Names one mailbox; the tenant is always part of the name. */
export interface MailboxKey {
  readonly tenant: string;
  readonly mailboxId: string;
}

/** Names an account at a mail server, whichever mailboxes and migrations of the tenant use it. */
export interface AccountKey {
  readonly tenant: string;
  readonly side: 'source' | 'destination';
  readonly host: string;
  /** The mailbox, not who signs in for it. */
  readonly user: string;
}

/** Names a mail server, as one tenant uses it. */
export interface HostKey {
  readonly tenant: string;
  readonly host: string;
}

/** The secret pointers: of what opens a server for all mailboxes, or of one shard of a migration's credentials. */
export type SecretPointerKey =
  | { readonly tenant: string; readonly kind: 'destination' }
  | { readonly tenant: string; readonly kind: 'connection'; readonly connectionId: string }
  | {
      readonly tenant: string;
      readonly kind: 'shard';
      readonly migrationId: string;
      readonly number: number;
    };

/** DynamoDB takes 2048 bytes of partition key and 1024 of sort key; two parts of this length fit with their labels. */
const MAX_PART_BYTES = 900;

/**
 * Makes a text safe as a part of a key: '#' separates parts, so it is escaped inside one, and so is the escape
 * character. Different texts stay different; nothing is lower-cased.
 */
function part(name: string, text: string): string {
  if (text === '') throw new KeyInvalidError(name, 'empty');
  // Lone surrogates would all become U+FFFD on the wire, and different texts the same key.
  if (!text.isWellFormed()) throw new KeyInvalidError(name, 'not valid Unicode');
  const escaped = text.replaceAll('%', '%25').replaceAll('#', '%23');
  if (Buffer.byteLength(escaped) > MAX_PART_BYTES) throw new KeyInvalidError(name, 'too long');
  return escaped;
}

/** A number of fixed width, so that its text sorts as it does. */
function digits(name: string, value: number, width: number): string {
  if (!Number.isInteger(value) || value < 0 || value >= 10 ** width) {
    throw new KeyInvalidError(name, `not between 0 and ${10 ** width - 1}`);
  }
  return String(value).padStart(width, '0');
}

const tenantPart = (tenant: string): string => `T#${part('tenant', tenant)}`;

export const destinationKey = (tenant: string): ItemKey => ({ pk: tenantPart(tenant), sk: 'DESTINATION' });

export const usersPartition = (tenant: string): string => `${tenantPart(tenant)}#USERS`;
export const USER_PREFIX = 'USER#';
/** One user for an address whatever its case. */
export const userKey = (tenant: string, email: string): ItemKey => ({
  pk: usersPartition(tenant),
  sk: `${USER_PREFIX}${part('e-mail address', email.toLowerCase())}`,
});

export const connectionsPartition = (tenant: string): string => `${tenantPart(tenant)}#CONNECTIONS`;
export const CONNECTION_PREFIX = 'CONNECTION#';
export const connectionKey = (tenant: string, connectionId: string): ItemKey => ({
  pk: connectionsPartition(tenant),
  sk: `${CONNECTION_PREFIX}${part('connection', connectionId)}`,
});

export const budgetsPartition = (tenant: string): string => `${tenantPart(tenant)}#BUDGETS`;
export const BUDGET_PREFIX = 'BUDGET#';
/** One budget for a host whatever the case of its name, and with or without the dot at its end. */
export const budgetKey = (tenant: string, host: string): ItemKey => ({
  pk: budgetsPartition(tenant),
  sk: `${BUDGET_PREFIX}${part('host', host.toLowerCase().replace(/\.$/, ''))}`,
});

export const migrationsPartition = (tenant: string): string => `${tenantPart(tenant)}#MIGRATIONS`;
export const MIGRATION_PREFIX = 'MIGRATION#';
export const migrationKey = (tenant: string, migrationId: string): ItemKey => ({
  pk: migrationsPartition(tenant),
  sk: `${MIGRATION_PREFIX}${part('migration', migrationId)}`,
});

export const migrationPartition = (tenant: string, migrationId: string): string =>
  `${tenantPart(tenant)}#MIGRATION#${part('migration', migrationId)}`;
export const MEMBER_PREFIX = 'MAILBOX#';
export const memberKey = (tenant: string, migrationId: string, mailboxId: string): ItemKey => ({
  pk: migrationPartition(tenant, migrationId),
  sk: `${MEMBER_PREFIX}${part('mailbox', mailboxId)}`,
});

export const SHARD_PREFIX = 'SECRET#';
export const secretPointerKey = (key: SecretPointerKey): ItemKey => {
  switch (key.kind) {
    case 'destination':
      return { pk: tenantPart(key.tenant), sk: 'SECRET#DESTINATION' };
    case 'connection':
      return {
        pk: tenantPart(key.tenant),
        sk: `SECRET#CONNECTION#${part('connection', key.connectionId)}`,
      };
    case 'shard':
      return {
        pk: migrationPartition(key.tenant, key.migrationId),
        sk: `${SHARD_PREFIX}${digits('shard', key.number, 5)}`,
      };
  }
};

export const volumeKey = ({ tenant, side, host, user }: AccountKey): ItemKey => ({
  pk: `${tenantPart(tenant)}#VOLUME#${side}#${part('host', host.toLowerCase())}`,
  sk: `ACCOUNT#${part('user', user.toLowerCase())}`,
});

/** One line of waiting mailboxes for a host, however its name is spelt. */
export const hostPartition = ({ tenant, host }: HostKey): string =>
  `${tenantPart(tenant)}#HOST#${part('host', host.toLowerCase().replace(/\.$/, ''))}`;
export const SLOT_PREFIX = 'SLOT#';
export const slotKey = (host: HostKey, slot: number): ItemKey => ({
  pk: hostPartition(host),
  sk: `${SLOT_PREFIX}${digits('slot', slot, 6)}`,
});
export const WAITER_PREFIX = 'WAITER#';
/** Sorts by the time at which each began to wait. */
export const waiterKey = (host: HostKey, since: number, mailboxId: string): ItemKey => ({
  pk: hostPartition(host),
  sk: `${WAITER_PREFIX}${digits('time', since, 15)}#${part('mailbox', mailboxId)}`,
});

export const idempotencyKey = (tenant: string, key: string): ItemKey => ({
  pk: `${tenantPart(tenant)}#IDEMPOTENCY`,
  sk: `KEY#${part('idempotency key', key)}`,
});

/**
 * Links and attempts are found by the digest of a word that nobody can guess, by people who have no token of a tenant:
 * the item names the tenant.
 */
export const consentLinkKey = (digest: string): ItemKey => ({
  pk: `CONSENT#LINK#${part('link', digest)}`,
  sk: 'LINK',
});
export const consentAttemptKey = (digest: string): ItemKey => ({
  pk: `CONSENT#ATTEMPT#${part('attempt', digest)}`,
  sk: 'ATTEMPT',
});

export const mailboxPartition = ({ tenant, mailboxId }: MailboxKey): string =>
  `${tenantPart(tenant)}#MAILBOX#${part('mailbox', mailboxId)}`;
export const mailboxKey = (mailbox: MailboxKey): ItemKey => ({
  pk: mailboxPartition(mailbox),
  sk: 'MAILBOX',
});

/** Folders and what was counted of them lie in one range, the counts last: one query reads both. */
export const FOLDERS_PREFIX = 'FOLDER';
export const folderKey = (mailbox: MailboxKey, folderId: string): ItemKey => ({
  pk: mailboxPartition(mailbox),
  sk: `FOLDER#${part('folder', folderId)}`,
});
/** Outside of `FOLDER#`, where former versions of the code look for folders alone. */
export const tallyKey = (mailbox: MailboxKey): ItemKey => ({
  pk: mailboxPartition(mailbox),
  sk: 'FOLDER-TALLY',
});

export const PAGE_PREFIX = 'PAGE#';
export const pagePrefix = (folder: { folderId: string; epoch: number }): string =>
  `${PAGE_PREFIX}${part('folder', folder.folderId)}#${digits('epoch', folder.epoch, 4)}#`;
export const pageKey = (
  mailbox: MailboxKey,
  page: { folderId: string; epoch: number; number: number },
): ItemKey => ({
  pk: mailboxPartition(mailbox),
  sk: `${pagePrefix(page)}${digits('page', page.number, 6)}`,
});

/** Claims, lanes and work lie in one range, in this order: one query tells who works, at what, and what is left. */
export const ACTIVE_PREFIX = 'ACTIVE#';
export const claimsKey = (mailbox: MailboxKey): ItemKey => ({
  pk: mailboxPartition(mailbox),
  sk: 'ACTIVE#CLAIMS',
});
export const LANE_PREFIX = 'ACTIVE#LANE#';
const WORK_PREFIX = 'ACTIVE#WORK#';
export const laneKey = (mailbox: MailboxKey, lane: number | 'plan'): ItemKey => ({
  pk: mailboxPartition(mailbox),
  sk: `${LANE_PREFIX}${lane === 'plan' ? 'PLAN' : digits('lane', lane, 3)}`,
});

const MAX_PAGE_NUMBER = 999_999;
/** Sorts by rank, then the newest page of a folder first. */
export const workKey = (
  mailbox: MailboxKey,
  work: { rank: number; folderId: string; number: number; kind: string },
): ItemKey => ({
  pk: mailboxPartition(mailbox),
  sk: [
    `${WORK_PREFIX}${digits('rank', work.rank, 3)}`,
    part('folder', work.folderId),
    digits('page', MAX_PAGE_NUMBER - work.number, 6),
    part('kind', work.kind),
  ].join('#'),
});

export const ITEM_PREFIX = 'ITEM#';
export const itemPrefixOf = (folderId: string): string => `${ITEM_PREFIX}${part('folder', folderId)}#`;
export const itemKey = (mailbox: MailboxKey, folderId: string, uid: number): ItemKey => ({
  pk: mailboxPartition(mailbox),
  sk: `${itemPrefixOf(folderId)}${digits('UID', uid, 10)}`,
});

export const RETRY_PREFIX = 'RETRY#';
/** @param name of what is to be tried again: asking for the same twice is one item */
export const retryKey = (mailbox: MailboxKey, name: string): ItemKey => ({
  pk: mailboxPartition(mailbox),
  sk: `${RETRY_PREFIX}${part('retry', name)}`,
});

export const EVENT_PREFIX = 'EVENT#';
export const eventKey = (mailbox: MailboxKey, eventId: string): ItemKey => ({
  pk: mailboxPartition(mailbox),
  sk: `${EVENT_PREFIX}${part('event', eventId)}`,
});

/** The partition of the due index for one shard. */
export const dueShardKey = (shard: number): string => `DUE#${shard}`;

/** The partition of the status index: mailboxes of one migration with one status. */
export const statusKey = (tenant: string, migrationId: string, status: string): string =>
  `${part('tenant', tenant)}#${part('migration', migrationId)}#${status}`;
