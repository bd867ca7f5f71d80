import { examineThen } from '../imap/mailbox/examine-then.ts';
import { fetchFlags } from '../imap/mailbox/fetch-flags.ts';
import { UidColumn } from '../migration/uid-column.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { FolderPlanning } from './folder-planning.ts';
import { sourceNameOf } from './source-name.ts';

/** The pages that hold messages whose flags changed since the last look. */
export async function changedPages(
  planning: FolderPlanning,
  known: FolderRecord,
): Promise<Array<{ number: number; messages: number }>> {
  const { source: before } = known;
  if (before === undefined || before.uidNext <= 1) return [];
  const changed =
    before.highestModseq === undefined
      ? undefined
      : await changedUids(planning, before.uidNext - 1, BigInt(before.highestModseq));
  // The usual case: what moved MODSEQ is new mail.
  if (changed?.length === 0) return [];
  const pieces: Array<{ number: number; messages: number }> = [];
  const { key, services } = planning;
  for await (const { counts, firstUid, lastUid, number } of services.state.pages.listOutlines(key, known)) {
    // Pages of messages that became visible late may overlap others.
    const next = changed?.find((uid) => uid >= firstUid) ?? Infinity;
    if (changed === undefined || next <= lastUid) pieces.push({ number, messages: counts.listed });
  }
  return pieces;
}

/** UIDs up to `to` whose flags changed since then, ascending. */
async function changedUids(planning: FolderPlanning, to: number, changedSince: bigint): Promise<Uint32Array> {
  const { folder, source, wait } = planning;
  const changed = new UidColumn();
  await examineThen(source, sourceNameOf(folder), wait, async () => {
    for await (const { uid } of fetchFlags(source, { range: { from: 1, to }, changedSince }, wait)) {
      changed.append(uid);
    }
  });
  return changed.sorted();
}
