import fc from 'fast-check';
import { TABLE } from '../../../infra/resources.ts';
import { KeyInvalidError } from '../../../shared/state/errors.ts';
import {
  connectionKey,
  destinationKey,
  eventKey,
  folderKey,
  idempotencyKey,
  type ItemKey,
  itemKey,
  laneKey,
  mailboxKey,
  memberKey,
  migrationKey,
  pageKey,
  secretPointerKey,
  statusKey,
  tallyKey,
  userKey,
  workKey,
} from '../../../shared/state/keys.ts';
import { LAYOUT } from '../../../shared/state/table-layout.ts';

/** Texts that try to look like keys. */
const text = fc
  .array(fc.constantFrom('#', '%', '%23', '%25', 'a', 'B', 'MAILBOX', 'T', 'é', '😀', 'PAGE#x#0001#'), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

const MAKERS: Record<string, (...texts: [string, string, string]) => ItemKey> = {
  destination: (tenant) => destinationKey(tenant),
  connection: (tenant, id) => connectionKey(tenant, id),
  migration: (tenant, id) => migrationKey(tenant, id),
  member: (tenant, migration, mailbox) => memberKey(tenant, migration, mailbox),
  secret: (tenant) => secretPointerKey({ tenant, kind: 'destination' }),
  shard: (tenant, migrationId) => secretPointerKey({ tenant, kind: 'shard', migrationId, number: 3 }),
  idempotency: (tenant, key) => idempotencyKey(tenant, key),
  mailbox: (tenant, mailboxId) => mailboxKey({ tenant, mailboxId }),
  folder: (tenant, mailboxId, folder) => folderKey({ tenant, mailboxId }, folder),
  tally: (tenant, mailboxId) => tallyKey({ tenant, mailboxId }),
  page: (tenant, mailboxId, folderId) => pageKey({ tenant, mailboxId }, { folderId, epoch: 1, number: 2 }),
  lane: (tenant, mailboxId) => laneKey({ tenant, mailboxId }, 1),
  work: (tenant, mailboxId, folderId) =>
    workKey({ tenant, mailboxId }, { rank: 1, folderId, number: 2, kind: 'copy' }),
  item: (tenant, mailboxId, folder) => itemKey({ tenant, mailboxId }, folder, 7),
  event: (tenant, mailboxId, event) => eventKey({ tenant, mailboxId }, event),
};
/** How many of the three texts a maker uses. */
const USED: Record<string, number> = {
  destination: 1,
  secret: 1,
  connection: 2,
  migration: 2,
  idempotency: 2,
};
const TWO = new Set(['shard', 'mailbox', 'tally', 'lane']);
const usedBy = (maker: string): number => USED[maker] ?? (TWO.has(maker) ? 2 : 3);

describe('keys', () => {
  test('of different things are different, whatever characters their names have', () => {
    const maker = fc.constantFrom(...Object.keys(MAKERS));
    const thing = fc.tuple(maker, fc.tuple(text, text, text));
    fc.assert(
      fc.property(thing, thing, ([makerA, textsA], [makerB, textsB]) => {
        const keyA = MAKERS[makerA]?.(...textsA);
        const keyB = MAKERS[makerB]?.(...textsB);
        const nameA = JSON.stringify([makerA, textsA.slice(0, usedBy(makerA))]);
        const nameB = JSON.stringify([makerB, textsB.slice(0, usedBy(makerB))]);
        expect(JSON.stringify(keyA) === JSON.stringify(keyB)).toBe(nameA === nameB);
      }),
      { numRuns: 2000 },
    );
  });

  test('of two tenants never share a partition', () => {
    fc.assert(
      fc.property(text, text, fc.tuple(text, text), (tenantA, tenantB, [a, b]) => {
        fc.pre(tenantA !== tenantB);
        const ofA = Object.values(MAKERS).map((make) => make(tenantA, a, b).pk);
        const ofB = new Set(Object.values(MAKERS).map((make) => make(tenantB, a, b).pk));
        expect(ofA.filter((pk) => ofB.has(pk))).toEqual([]);
        expect(statusKey(tenantA, a, 'synced')).not.toBe(statusKey(tenantB, a, 'synced'));
      }),
    );
  });

  test('keep the case of everything but a user’s address', () => {
    expect(userKey('Acme', 'Ann.Lee@Example.ORG')).toEqual({
      pk: 'T#Acme#USERS',
      sk: 'USER#ann.lee@example.org',
    });
    expect(mailboxKey({ tenant: 'Acme', mailboxId: 'AbC' })).toEqual({
      pk: 'T#Acme#MAILBOX#AbC',
      sk: 'MAILBOX',
    });
  });

  test('put the work of the first rank first, and its newest page before the older ones', () => {
    const mailbox = { tenant: 't', mailboxId: 'm' };
    const sk = (rank: number, number: number) =>
      workKey(mailbox, { rank, folderId: 'f', number, kind: 'copy' }).sk;
    const inOrder = [sk(0, 12), sk(0, 3), sk(0, 0), sk(1, 100), sk(1, 99), sk(10, 5)];
    expect(inOrder.toSorted()).toEqual(inOrder);
    expect(sk(0, 3)).toBe('ACTIVE#WORK#000#f#999996#copy');
    expect(laneKey(mailbox, 2).sk < laneKey(mailbox, 'plan').sk).toBe(true);
    expect(laneKey(mailbox, 'plan').sk < sk(0, 999_999)).toBe(true);
  });

  test.each([
    ['an empty tenant', () => destinationKey('')],
    ['a lone surrogate, which would be another text on the wire', () => destinationKey('a\ud800')],
    ['a name longer than a key may be', () => folderKey({ tenant: 't', mailboxId: 'm' }, '#'.repeat(400))],
    [
      'a page number of seven digits',
      () => pageKey({ tenant: 't', mailboxId: 'm' }, { folderId: 'f', epoch: 0, number: 1_000_000 }),
    ],
    ['a negative UID', () => itemKey({ tenant: 't', mailboxId: 'm' }, 'f', -1)],
    ['a broken number', () => itemKey({ tenant: 't', mailboxId: 'm' }, 'f', 1.5)],
  ])('refuse %s', (_name, make) => {
    expect(make).toThrow(KeyInvalidError);
  });

  test('are laid out as the table is created', () => {
    const { partitionKey, sortKey, timeToLive, indexes } = TABLE;
    expect(LAYOUT).toEqual({
      partitionKey,
      sortKey,
      timeToLive,
      due: { index: indexes.due.name, partitionKey: indexes.due.partitionKey, sortKey: indexes.due.sortKey },
      status: {
        index: indexes.status.name,
        partitionKey: indexes.status.partitionKey,
        sortKey: indexes.status.sortKey,
      },
    });
  });
});
