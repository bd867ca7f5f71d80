import { CommandRefusedError } from '../imap/errors.ts';
import { copyMessages } from '../imap/mailbox/copy-messages.ts';
import { fetchFlags } from '../imap/mailbox/fetch-flags.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { CopySource, PageRecord } from '../state/page-record.ts';
import { copyBatches, type CopyBatch, type PlacedEntry } from './copy-batches.ts';
import { DestinationFullError, DestinationReplacedError, LeaseLostError } from './errors.ts';
import type { LaneContext } from './lane-context.ts';
import { pendingUids, withCopySources, withEntries } from './page-entries.ts';
import { recoverPage } from './recover-page.ts';
import { unlessGone } from './unless-gone.ts';

/**
 * Has the destination copy the messages of a page that it holds in another folder, with another of their labels. Must
 * stand under the page's intent, like what is appended: after a lost answer the copies are found as messages are that
 * were appended, for they have the same headers and sizes.
 *
 * What is not in the other folder any more is not copied: its user has deleted or moved it. What the destination does
 * not copy for another reason stays pending and is fetched from the source, as is everything where it does not tell the
 * UIDs of copies (no UIDPLUS).
 *
 * @returns the page without what was settled; `complete` is false when the work was interrupted on request
 * @throws DestinationReplacedError, DestinationFullError, LeaseLostError, ImapError
 */
export async function copyLabels(
  lane: LaneContext,
  folder: FolderRecord,
  start: PageRecord,
): Promise<{ page: PageRecord; complete: boolean }> {
  let page = start;
  for (const source of start.copySources ?? []) {
    const rest = (page.copySources ?? []).filter((other) => other !== source);
    const homes = await openHome(lane, source, 'reopen');
    const own = new Set(pendingUids(page.entries));
    const messages = source.entries.filter(({ uid }) => own.has(uid));
    if (homes === 'missing') page = withEntries(page, gone(messages));
    if (homes === 'open') {
      if (!lane.destination.connection.capabilities.has('UIDPLUS')) {
        page = withEntries(page, gone(await without(lane, messages)));
      } else {
        for (const batches of copyBatches(messages)) {
          if (lane.keeper.shouldYield()) return { page: await save(lane, page), complete: false };
          // Looking for copies may have opened the other folder meanwhile.
          if ((await openHome(lane, source, 'open')) !== 'open') break;
          page = await sendBatches(lane, folder, page, batches);
        }
      }
    }
    page = await save(lane, withCopySources(page, rest));
  }
  return { page, complete: true };
}

/** `other`: it is not the folder that the ledger spoke of when this was planned. */
async function openHome(
  lane: LaneContext,
  source: CopySource,
  how: 'open' | 'reopen',
): Promise<'open' | 'missing' | 'other'> {
  const { state } = lane.services;
  const home = await state.folders.get(lane.key, source.folderId);
  if (home === undefined) return 'other';
  const path = home.destinationPath;
  const opened = await unlessGone(lane.destination.connection, path, lane.wait, () =>
    lane.destination[how](path),
  );
  if (opened === undefined) return 'missing';
  return opened.uidValidity === source.uidValidity ? 'open' : 'other';
}

/** Messages that are not where they were. */
async function without(lane: LaneContext, messages: readonly PlacedEntry[]): Promise<PlacedEntry[]> {
  const uids = messages.map(({ destinationUid }) => destinationUid).toSorted((a, b) => a - b);
  const there = new Set<number>();
  for await (const { uid } of fetchFlags(lane.destination.connection, { uids }, lane.wait)) there.add(uid);
  return messages.filter(({ destinationUid }) => !there.has(destinationUid));
}

/** Entries that say so for good: with the message's fingerprint it is known again if its folder is renumbered. */
function gone(messages: readonly PlacedEntry[]): Map<number, LedgerEntry> {
  return new Map(
    messages.map(({ uid, fingerprint, size }) => [
      uid,
      { uid, state: 'skipped', reason: 'other-label', attempts: 1, fingerprint, size },
    ]),
  );
}

/** Sends some commands behind one another and takes down what became of them. */
async function sendBatches(
  lane: LaneContext,
  folder: FolderRecord,
  page: PageRecord,
  batches: readonly CopyBatch[],
): Promise<PageRecord> {
  const { connection } = lane.destination;
  const messages = batches.reduce((sum, { uids }) => sum + uids.length, 0);
  for (let taken = 0; taken < messages; taken += 1) await lane.pacer.take(lane.keeper.signal);
  if (!lane.keeper.mayWrite()) throw new LeaseLostError();
  const answers = await Promise.allSettled(
    batches.map((batch) => copyMessages(connection, batch, folder.destinationPath, lane.wait)),
  );
  const settled = new Map<number, LedgerEntry>();
  const unsaid: CopyBatch[] = [];
  let replaced = false;
  let failure: { readonly cause: unknown } | undefined;
  for (const [index, answer] of answers.entries()) {
    const batch = batches[index];
    if (batch === undefined) continue;
    if (answer.status === 'rejected') {
      failure ??= failureOf(answer.reason, folder);
      continue;
    }
    if (answer.value === undefined) {
      unsaid.push(batch);
      continue;
    }
    const { uidValidity, uids } = answer.value;
    const isOther = uidValidity !== folder.destination?.uidValidity;
    replaced ||= isOther;
    const missing: PlacedEntry[] = [];
    for (const uid of batch.uids) {
      const message = batch.messages.get(uid);
      const copy = uids.get(uid);
      if (message === undefined) continue;
      if (copy === undefined) missing.push(message);
      else settled.set(message.uid, { ...message, destinationUid: isOther ? 0 : copy });
    }
    for (const [uid, entry] of gone(missing)) settled.set(uid, entry);
  }
  count(lane, settled);
  let after = await save(lane, withEntries(page, settled));
  if (failure !== undefined) throw failure.cause;
  if (replaced) throw new DestinationReplacedError(folder.destinationPath);
  if (unsaid.length > 0) after = await locate(lane, folder, after, unsaid);
  return after;
}

/** What ends the work; undefined for what concerns these messages alone: they are fetched from the source. */
function failureOf(error: unknown, folder: FolderRecord): { readonly cause: unknown } | undefined {
  if (!(error instanceof CommandRefusedError)) return { cause: error };
  switch (error.reason) {
    case 'folder-refused':
      return { cause: new DestinationReplacedError(folder.destinationPath) };
    case 'over-quota':
      return { cause: new DestinationFullError(error.serverText) };
    case 'permission-denied':
      return { cause: error };
    default:
      return undefined;
  }
}

/**
 * The server has copied what was there and does not say which UIDs the copies have, or there was nothing. What cannot
 * be found is taken for gone: it is in its home or was deleted there, and to fetch it might double it.
 */
async function locate(
  lane: LaneContext,
  folder: FolderRecord,
  page: PageRecord,
  batches: readonly CopyBatch[],
): Promise<PageRecord> {
  const found = await recoverPage(lane, folder, page, { ghosts: false });
  const left = new Set(pendingUids(found.entries));
  const asked = batches.flatMap(({ uids, messages }) => uids.map((uid) => messages.get(uid)));
  const lost = asked.filter((message) => message !== undefined).filter(({ uid }) => left.has(uid));
  return save(lane, withEntries(found, gone(lost)));
}

function count(lane: LaneContext, settled: ReadonlyMap<number, LedgerEntry>): void {
  const { progress } = lane.keeper;
  for (const entry of settled.values()) {
    progress.messages += 1;
    if (entry.state !== 'copied') {
      progress.skipped += 1;
      progress.underOtherLabel += 1;
      continue;
    }
    progress.copied += 1;
    progress.bytes += entry.size;
  }
}

function save(lane: LaneContext, page: PageRecord): Promise<PageRecord> {
  return lane.services.state.pages.save(lane.key, page, page.version);
}
