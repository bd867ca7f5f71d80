import { CommandRefusedError } from '../imap/errors.ts';
import { mailboxExists } from '../imap/mailbox/mailbox-exists.ts';
import { ADOPTION_NUMBER } from '../migration/work-choice.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { WorkItem } from '../state/work-record.ts';
import { adoptFolder } from './adopt-folder.ts';
import { copyPage, prepareCopy } from './copy-page.ts';
import { DestinationReplacedError, FolderBusyError, SourceReplacedError } from './errors.ts';
import { followFlags } from './follow-flags.ts';
import { giveUpPage } from './give-up-page.ts';
import type { LaneContext } from './lane-context.ts';
import type { LaneMemory } from './lane-memory.ts';
import { makeFolder } from './make-folder.ts';
import { pendingUids } from './page-entries.ts';
import type { PieceTurn } from './piece-turn.ts';
import { type ClaimedPiece, isUntouched } from './work-in-hand.ts';
import { saveFolder } from './save-folder.ts';
import { unlessGone } from './unless-gone.ts';
import { sourceNameOf } from './source-name.ts';

/** How often one lane matches a folder anew before it takes the destination's answers for a fault. */
const MAX_REPLACEMENTS = 3;

export type Performed =
  | 'complete'
  /** To be done once something else is. */
  | 'interrupted'
  /** Ended on request before all of it was done; nothing that was is in doubt. */
  | 'unfinished'
  /** The piece belongs to a pass that is not this lane's. */
  | 'outdated';

/**
 * Does one piece of work that this lane has claimed.
 * @param turn which it has; it may let the next piece begin before it returns
 */
export async function performWork(
  lane: LaneContext,
  piece: ClaimedPiece,
  memory: LaneMemory,
  turn: PieceTurn,
): Promise<Performed> {
  const { item, page } = piece;
  const folder = memory.folders.get(item.folderId);
  // Planning writes work before what it is about; in a planning that has ended such work means nothing.
  if (folder === undefined || folder.epoch < item.epoch) return withoutSubject(lane);
  if (folder.epoch > item.epoch) return 'complete';
  try {
    const name = sourceNameOf(folder);
    const untouched = isUntouched(piece);
    if (untouched) lane.source.ask(name, pendingUids(piece.page.entries));
    const opening = unlessGone(lane.source.connection, name, lane.wait, () =>
      untouched ? lane.source.openForFetch(name) : lane.source.open(name),
    );
    // Where a page that nobody has begun needs an intent, it is written meanwhile.
    const [opened, prepared] = await bothSettled(
      opening,
      untouched ? prepareCopy(lane, folder, piece) : undefined,
    );
    if (opened === undefined || opened.uidValidity !== folder.source?.uidValidity) {
      return await giveUp(lane, folder, item, opened === undefined);
    }
    if (item.kind === 'adopt') {
      const adopted = await adoptFolder(lane, folder);
      if (adopted === 'interrupted') return adopted;
      memory.folders.set(item.folderId, adopted);
      return 'complete';
    }
    if (page === undefined) return await withoutSubject(lane);
    if (item.kind === 'copy') {
      const ready = prepared ?? (await prepareCopy(lane, folder, { item, page }));
      return (await copyPage(lane, folder, ready, turn)).complete ? 'complete' : 'unfinished';
    }
    await followFlags(lane, folder, page);
    return 'complete';
  } catch (error) {
    if (error instanceof FolderBusyError) return 'interrupted';
    if (error instanceof SourceReplacedError) return giveUp(lane, folder, item, false);
    const replaced = await replacementOf(lane, folder, turn, error);
    if (replaced === undefined) throw error;
    // A folder that the user removed comes back only for mail that is still to come.
    if (replaced === 'missing' && item.kind === 'flags') return 'complete';
    await matchAnew(lane, folder, memory, error);
    return 'interrupted';
  }
}

/** Both results, or the first failure, but not before both have come to their end. */
async function bothSettled<One, Two>(
  one: Promise<One>,
  two: Promise<Two> | undefined,
): Promise<[One, Two | undefined]> {
  await Promise.allSettled([one, two]);
  return [await one, await two];
}

async function withoutSubject(lane: LaneContext): Promise<Performed> {
  const { tenant, mailboxId } = lane.key;
  const mailbox = await lane.services.state.mailboxes.get(tenant, mailboxId);
  const current = mailbox?.pass.number === lane.keeper.lease.pass && mailbox.pass.phase === 'copying';
  return current ? 'complete' : 'outdated';
}

/** The source's folder is gone, or its UIDs mean other messages than when it was planned: the next pass sees to it. */
async function giveUp(
  lane: LaneContext,
  folder: FolderRecord,
  item: WorkItem,
  vanished: boolean,
): Promise<Performed> {
  if (item.kind === 'copy') await giveUpPage(lane, folder, item);
  if (vanished && folder.vanished !== true) await saveFolder(lane, { ...folder, vanished: true });
  return 'complete';
}

/** Whether an error says that the destination's folder is another one than the ledger speaks of, or gone. */
async function replacementOf(
  lane: LaneContext,
  folder: FolderRecord,
  turn: PieceTurn,
  error: unknown,
): Promise<'other' | 'missing' | undefined> {
  const refused = error instanceof CommandRefusedError && error.side === 'destination';
  if (!refused && !(error instanceof DestinationReplacedError)) return undefined;
  await turn.take(); // no other piece of the folder begins until it is matched anew
  const exists = await mailboxExists(lane.destination.connection, folder.destinationPath, lane.wait);
  if (!exists) return 'missing';
  return refused ? undefined : 'other';
}

/**
 * Has the folder matched with the destination again, unless another lane has done so meanwhile, or another piece of this
 * one: several may be under way when a folder is replaced.
 */
async function matchAnew(
  lane: LaneContext,
  folder: FolderRecord,
  memory: LaneMemory,
  cause: unknown,
): Promise<void> {
  const { folders, work } = lane.services.state;
  const { epoch, folderId, rank } = folder;
  if (memory.folders.get(folderId) !== folder) return;
  memory.folders.delete(folderId);
  lane.destination.forget();
  const replacements = (memory.replacements.get(folderId) ?? 0) + 1;
  memory.replacements.set(folderId, replacements);
  if (replacements > MAX_REPLACEMENTS) throw cause;
  const now = await folders.get(lane.key, folderId);
  if (now?.destination?.uidValidity !== folder.destination?.uidValidity) return;
  await makeFolder(lane.destination.connection, folder.destinationPath, lane.wait);
  await work.add(lane.key, [{ rank, folderId, epoch, number: ADOPTION_NUMBER, kind: 'adopt' }]);
}
