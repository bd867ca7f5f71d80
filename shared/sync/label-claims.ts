import { IdSet } from '../migration/id-set.ts';
import type { LabelPolicy } from '../migration/label-policy.ts';
import type { Services } from '../services.ts';
import type { MailboxKey } from '../state/mailbox-record.ts';

/** Entries of a page that say "with another label", of messages that are with none any more. */
export interface OrphanPage {
  readonly number: number;
  readonly uids: ReadonlySet<number>;
}

/**
 * Which messages of a source with labels have a folder already: of a message that several folders list, one has it in
 * its ledger, and the others an entry that says so. Folders claim in the order of their labels, one after the other.
 */
export class LabelClaims {
  readonly #policy: LabelPolicy;
  /** Whether messages are tried again that may be copied from then. */
  retrying = false;
  /** The folder for what has no other label. */
  readonly #allPath: string | undefined;
  readonly #homes = new IdSet();
  readonly #orphans = new Map<string, OrphanPage[]>();

  private constructor(policy: LabelPolicy, allPath: string | undefined) {
    this.#policy = policy;
    this.#allPath = allPath;
  }

  /**
   * Reads from the ledger what is claimed. A message whose copy failed because it had lost its label meanwhile is with
   * none: where other folders still list it, they may claim it again.
   *
   * @param epochs of each folder, as this planning goes on with them
   */
  static async load(
    { state }: Services,
    key: MailboxKey,
    epochs: ReadonlyMap<string, number>,
    labels: { readonly policy: LabelPolicy; readonly allPath: string | undefined },
  ): Promise<LabelClaims> {
    const claims = new LabelClaims(labels.policy, labels.allPath);
    const vanished = new IdSet();
    for await (const page of state.pages.listAllPacked(key)) {
      const { gmailIds } = page;
      if (gmailIds === undefined || epochs.get(page.folderId) !== page.epoch) continue;
      let index = 0;
      page.forEachEntry(({ reason, state: fate }) => {
        const id = gmailIds[index] ?? 0n;
        index += 1;
        if (id === 0n) return;
        if (fate !== 'skipped' || (reason !== 'other-label' && reason !== 'vanished')) claims.#homes.add(id);
        else if (reason === 'vanished') vanished.add(id);
      });
    }
    if (vanished.size > 0) await claims.#findOrphans(state.pages.listAllPacked(key), epochs, vanished);
    return claims;
  }

  /** @returns whether the message is to be copied with the folder that asks */
  claim(id: bigint): boolean {
    // What is not known may be the only copy.
    if (id === 0n) return true;
    return this.#homes.add(id);
  }

  /** Whether a folder gets copies of messages that are copied with other labels. */
  getsCopies({ sourcePath }: { readonly sourcePath: string }): boolean {
    return this.#policy.copies === 'each-label' && sourcePath !== this.#allPath;
  }

  orphansOf(folderId: string): readonly OrphanPage[] {
    return this.#orphans.get(folderId) ?? [];
  }

  async #findOrphans(
    pages: ReturnType<Services['state']['pages']['listAllPacked']>,
    epochs: ReadonlyMap<string, number>,
    vanished: IdSet,
  ): Promise<void> {
    for await (const page of pages) {
      const { gmailIds } = page;
      if (gmailIds === undefined || epochs.get(page.folderId) !== page.epoch) continue;
      const uids = new Set<number>();
      let index = 0;
      page.forEachEntry(({ reason, state, uid }) => {
        const id = gmailIds[index] ?? 0n;
        index += 1;
        const isOther = state === 'skipped' && reason === 'other-label';
        if (isOther && vanished.has(id) && !this.#homes.has(id)) uids.add(uid);
      });
      if (uids.size === 0) continue;
      const { folderId, number } = page;
      this.#orphans.set(folderId, [...(this.#orphans.get(folderId) ?? []), { number, uids }]);
    }
  }
}
