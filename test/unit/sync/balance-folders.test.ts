import { countEntries, emptyCounts } from '../../../shared/migration/ledger-counts.ts';
import type { LedgerEntry } from '../../../shared/migration/ledger-entry.ts';
import type { FolderRecord } from '../../../shared/state/folder-record.ts';
import { pageItem, parsePackedPage } from '../../../shared/state/page-record.ts';
import { balanceFolders } from '../../../shared/sync/balance-folders.ts';
import { DestinationClaimedTwiceError, LeaseLostError } from '../../../shared/sync/errors.ts';
import type { LaneContext } from '../../../shared/sync/lane-context.ts';

const KEY = { tenant: 't', mailboxId: 'm' };

/** Has never been planned: nothing is asked of the source. */
function folder(folderId: string): FolderRecord {
  return {
    folderId,
    sourcePath: folderId,
    sourceDelimiter: '/',
    destinationPath: folderId,
    rank: 1,
    order: 1,
    epoch: 1,
    pages: 1,
    counts: emptyCounts(),
    touchedInPass: 1,
  };
}

const copied = (uid: number, destinationUid: number): LedgerEntry => ({
  uid,
  state: 'copied',
  destinationUid,
  flags: [],
  fingerprint: 1n,
  size: 10,
});

/** A lane of pass 1 with some folders' entries, and what it has written. */
function bench(ledger: Record<string, LedgerEntry[]>) {
  const world = { pass: 1, phase: 'copying', saves: true };
  const written: FolderRecord[] = [];
  const pages = Object.entries(ledger).map(([folderId, entries]) => {
    const page = { folderId, epoch: 1, number: 0, firstUid: 1, lastUid: 9, version: 1 };
    return parsePackedPage(pageItem(KEY, { ...page, entries, counts: countEntries(entries) }));
  });
  const mailboxes = { get: async () => ({ pass: { number: world.pass, phase: world.phase } }) };
  const listAllPacked = async function* () {
    yield* pages;
  };
  const lane = {
    key: KEY,
    keeper: { lease: { pass: 1 } },
    services: { state: { mailboxes, pages: { listAllPacked } } },
    source: { connection: undefined },
  } as unknown as LaneContext;
  const folders = Object.keys(ledger).map(folder);
  const saveCounts = async (counted: readonly FolderRecord[]): Promise<boolean> => {
    if (world.saves) written.push(...counted);
    return world.saves;
  };
  return { balance: () => balanceFolders(lane, { folders, saveCounts }, folders), world, written };
}

describe('balancing folders', () => {
  const good = { a: [copied(1, 1), copied(2, 2)], b: [copied(1, 1)] };
  const bad = { a: [copied(1, 1), copied(2, 2)], b: [copied(1, 1), copied(2, 1)] };
  const figures = (folders: readonly FolderRecord[] | 'outdated') =>
    folders === 'outdated' ? folders : folders.map(({ folderId, counts }) => [folderId, counts.copied]);

  test('writes the counts of all and gives them back', async () => {
    const { balance, written } = bench(good);
    expect(figures(await balance())).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(figures(written)).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  test('writes them also where a check fails, before it says so', async () => {
    const { balance, written } = bench(bad);
    await expect(balance()).rejects.toThrow(DestinationClaimedTwiceError);
    expect(figures(written)).toEqual([
      ['a', 2],
      ['b', 2],
    ]);
  });

  test.each([
    ['are good', good],
    ['fail', bad],
  ])(
    'is to be done again where somebody else has counted meanwhile, whether the checks %s',
    async (_name, ledger) => {
      const { balance, world } = bench(ledger);
      world.saves = false;
      expect(await balance()).toBe('outdated');
    },
  );

  test.each([
    ['the next pass', { pass: 2, phase: 'copying' }],
    ['the planning of what did not balance', { pass: 1, phase: 'planning' }],
    ['the end of the pass', { pass: 1, phase: 'idle' }],
  ])('comes to nothing for who slept until %s', async (_name, later) => {
    for (const saves of [true, false]) {
      const { balance, world } = bench(bad);
      Object.assign(world, later, { saves });
      await expect(balance()).rejects.toThrow(LeaseLostError);
    }
  });
});
