import { countEntries } from '../../../shared/migration/ledger-counts.ts';
import type { FolderRecord } from '../../../shared/state/folder-record.ts';
import { pageItem, type PageRecord, parsePackedPage } from '../../../shared/state/page-record.ts';
import type { State } from '../../../shared/state/create-state.ts';
import { tallyFolders } from '../../../shared/sync/tally-folders.ts';

const KEY = { tenant: 't', mailboxId: 'm' };

function page(folderId: string, number: number, uids: readonly number[], epoch = 1): PageRecord {
  const entries = uids.map((uid) => ({
    uid,
    state: 'copied' as const,
    destinationUid: 1000 + uid,
    flags: [],
    fingerprint: 1n,
    size: 10,
  }));
  const [firstUid = 0] = uids;
  return {
    folderId,
    epoch,
    number,
    firstUid,
    lastUid: uids.at(-1) ?? 0,
    entries,
    counts: countEntries(entries),
    version: 1,
  };
}

function folder(folderId: string, pages: number, epoch = 1): FolderRecord {
  return {
    folderId,
    sourcePath: folderId,
    sourceDelimiter: '/',
    destinationPath: folderId,
    rank: 1,
    order: 1,
    epoch,
    pages,
    counts: countEntries([]),
    touchedInPass: 1,
  };
}

/** Pages as the table holds them, and the ranges that were read. */
function pagesOf(stored: readonly PageRecord[]) {
  const reads: string[] = [];
  const packed = stored.map((record) => parsePackedPage(pageItem(KEY, record)));
  const listPacked = async function* (_key: unknown, of: { folderId: string; epoch: number }) {
    reads.push(of.folderId);
    yield* packed.filter(({ folderId, epoch }) => folderId === of.folderId && epoch === of.epoch);
  };
  const listAllPacked = async function* () {
    reads.push('all');
    yield* packed;
  };
  return { state: { pages: { listPacked, listAllPacked } } as unknown as Pick<State, 'pages'>, reads };
}

async function tallied(
  state: Pick<State, 'pages'>,
  all: readonly FolderRecord[],
  wanted: readonly FolderRecord[],
): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  for await (const { folder: of, tally } of tallyFolders(state, KEY, all, wanted)) {
    expect(found.has(of.folderId)).toBe(false);
    const { listed, claimed, counts } = await tally();
    const uids = [...listed.sorted()];
    expect([...claimed.sorted()]).toEqual(uids.map((uid) => 1000 + uid));
    expect(counts.copied).toBe(uids.length);
    found.set(of.folderId, uids);
  }
  return found;
}

describe("counting folders' pages", () => {
  const stored = [page('a', 0, [1, 2]), page('a', 1, [3]), page('b', 0, [1]), page('d', 0, [7, 8])];
  const all = [folder('a', 2), folder('b', 1), folder('c', 0), folder('d', 1)];

  test('reads one range where most pages are wanted, and finds each folder its own, also one without pages', async () => {
    const { state, reads } = pagesOf(stored);
    expect(await tallied(state, all, all)).toEqual(
      new Map([
        ['a', [1, 2, 3]],
        ['b', [1]],
        ['d', [7, 8]],
        ['c', []],
      ]),
    );
    expect(reads).toEqual(['all']);
  });

  test('leaves out the pages of folders that are not wanted', async () => {
    const { state } = pagesOf(stored);
    expect(await tallied(state, all, [folder('a', 2), folder('d', 1)])).toEqual(
      new Map([
        ['a', [1, 2, 3]],
        ['d', [7, 8]],
      ]),
    );
  });

  test('leaves out what a crash left of a former epoch', async () => {
    const renumbered = [page('a', 0, [1, 2]), page('a', 0, [11], 2), page('b', 0, [1])];
    const { state, reads } = pagesOf(renumbered);
    const folders = [folder('a', 1, 2), folder('b', 1)];
    expect((await tallied(state, folders, folders)).get('a')).toEqual([11]);
    expect(reads).toEqual(['all']);
  });

  test('reads each by itself where they are few of many', async () => {
    const { state, reads } = pagesOf(stored);
    const large = [...all, folder('e', 100)];
    expect(await tallied(state, large, [folder('a', 2), folder('b', 1)])).toEqual(
      new Map([
        ['a', [1, 2, 3]],
        ['b', [1]],
      ]),
    );
    expect(reads).toEqual(['a', 'b']);
  });
});
