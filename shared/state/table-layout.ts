/**
 * The names of the table's keys and indexes, as the repositories use them. `infra/resources.ts` declares the same for
 * those who create the table; shared code does not import from infra, and a test holds the two together.
 */
export const LAYOUT = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLive: 'expiresAt',
  due: { index: 'due', partitionKey: 'dueShard', sortKey: 'dueAt' },
  status: { index: 'status', partitionKey: 'statusKey', sortKey: 'mailboxId' },
} as const;
