import type { ItemReason } from '../migration/item-reason.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { ItemRecord } from '../state/item-record.ts';
import type { HeaderSummary } from './header-summary.ts';
import type { OddForm } from './message-forms.ts';
import type { RefusedMessage } from './refusal-reason.ts';

/** What is known of a message once its bytes have passed. */
export interface PassedMessage extends RefusedMessage {
  readonly uid: number;
  readonly attempts: number;
  readonly fingerprint: bigint;
  /** Describes the message for people; only asked for where it is not taken. */
  readonly summary: () => HeaderSummary;
  /** What some servers do not keep of it. */
  readonly oddForms: readonly OddForm[];
  /** Its first bytes. */
  readonly beginning: () => Buffer;
}

/** A copied message that the destination may have stored in another form. */
export interface DoubtfulMessage extends PassedMessage {
  readonly destinationUid: number;
}

/** So many refusals in a row that would pass are the server's trouble, not the messages'. */
const SICK_SERVER = 5;

/** Reasons that no further try can change. */
const FINAL_REASONS: ReadonlySet<ItemReason> = new Set(['vanished', 'too-big', 'line-too-long', 'nul-byte']);

/** Gathers what became of each message of a page while answers are still coming in. */
export class PageOutcomes {
  readonly items: ItemRecord[] = [];
  /** Copied after earlier tries had failed: no longer to be reported. */
  readonly recovered: number[] = [];
  /** Copied, and to be looked at. */
  readonly doubtful: DoubtfulMessage[] = [];
  /** Taken by the server, but it did not say under which UID. */
  readonly withoutUid = new Map<number, PassedMessage>();
  /** The server's words when the destination is full. */
  destinationFull: string | undefined;
  /** The destination's folder is gone, or is another one than was planned: what it took counts all the same. */
  destinationReplaced = false;

  #settled = new Map<number, LedgerEntry>();
  #undecided: number[] = [];
  #refused = new Map<number, () => void>();
  #postponed: Array<{ error: Error; decide: () => void }> = [];
  #broken: { cause: unknown } | undefined;
  readonly #open = new Set<Promise<void>>();

  /** Follows an answer that is still to come; a lost connection is thrown by `throwIfBroken` and `settled`. */
  follow(answer: Promise<void>): void {
    const tracked: Promise<void> = answer
      .catch((cause: unknown) => {
        this.#broken ??= { cause };
      })
      .finally(() => this.#open.delete(tracked));
    this.#open.add(tracked);
  }

  throwIfBroken(): void {
    if (this.#broken !== undefined) throw this.#broken.cause;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#open);
    this.throwIfBroken();
  }

  /** Entries that got their outcome since the last call. */
  take(): Map<number, LedgerEntry> {
    const settled = this.#settled;
    this.#settled = new Map();
    return settled;
  }

  /** UIDs whose messages were refused together with others: each is sent once more alone. */
  takeUndecided(): number[] {
    const undecided = this.#undecided.sort((a, b) => a - b);
    this.#undecided = [];
    return undecided;
  }

  /** UIDs that the server refused with their flags: they are tried once more without. */
  takeRefused(): number[] {
    const refused = [...this.#refused.keys()].sort((a, b) => a - b);
    this.#refused.clear();
    return refused;
  }

  /**
   * The connection is lost before they could be tried without: their refusals count. A server that hangs up after so
   * many of them (Exchange) would else be sent the same ones for ever.
   */
  endRefused(): void {
    for (const give of this.#refused.values()) give();
    this.#refused.clear();
  }

  copied(message: PassedMessage, destinationUid: number, flags: readonly string[]): void {
    for (const { decide } of this.#postponed.splice(0)) decide();
    if (message.attempts > 0) this.recovered.push(message.uid);
    const { uid, fingerprint, size } = message;
    this.#settled.set(uid, { uid, state: 'copied', destinationUid, flags, fingerprint, size });
  }

  /**
   * A refusal that may pass: the message's own trouble if the server goes on to take others, else the server's.
   * @param decide what becomes of the message then
   */
  postpone(error: Error, decide: () => void): void {
    this.#postponed.push({ error, decide });
  }

  /** @throws the refusal, when the server refused one message after the other to the end */
  endPostponed(): void {
    const postponed = this.#postponed.splice(0);
    const [first] = postponed;
    if (first !== undefined && postponed.length >= SICK_SERVER) throw first.error;
    for (const { decide } of postponed) decide();
  }

  sendAlone(uid: number): void {
    this.#undecided.push(uid);
  }

  tryPlain(uid: number, give: () => void): void {
    this.#refused.set(uid, give);
  }

  /** Records a message that is not taken: skipped where no try can help, else failed and tried again by later passes. */
  notTaken(
    message: PassedMessage,
    reason: ItemReason,
    folder: FolderRecord,
    at: number,
    serverText?: string,
  ): void {
    const attempts = message.attempts + 1;
    const state = FINAL_REASONS.has(reason) ? 'skipped' : 'failed';
    const { uid, fingerprint, size } = message;
    this.#settled.set(uid, {
      uid,
      state,
      reason,
      attempts,
      fingerprint,
      size,
    });
    this.items.push({
      folderId: folder.folderId,
      folderPath: folder.sourcePath,
      uid,
      state,
      reason,
      attempts,
      size,
      ...message.summary(),
      ...(serverText !== undefined && { serverText }),
      at,
    });
  }

  /** Reports a message that is copied, though not as it was. */
  altered(message: PassedMessage, folder: FolderRecord, at: number, serverText: string): void {
    const { uid, size } = message;
    const again = this.recovered.indexOf(uid);
    if (again !== -1) this.recovered.splice(again, 1); // what was reported of its failure is replaced
    this.items.push({
      folderId: folder.folderId,
      folderPath: folder.sourcePath,
      uid,
      state: 'copied',
      reason: 'altered',
      attempts: message.attempts + 1,
      size,
      ...message.summary(),
      serverText,
      at,
    });
  }

  /** The source listed the message but gave no body for it, with these words if any. */
  notDelivered(
    uid: number,
    folder: FolderRecord,
    seen: { present: boolean; attempts: number; at: number; serverText?: string | undefined },
  ): void {
    const message: PassedMessage = {
      uid,
      attempts: seen.attempts,
      fingerprint: 0n,
      size: 0,
      summary: () => ({}),
      hasNul: false,
      hasLongLine: false,
      oddForms: [],
      beginning: () => Buffer.alloc(0),
    };
    if (seen.present) this.notTaken(message, 'source-unreadable', folder, seen.at, seen.serverText);
    else this.notTaken(message, 'vanished', folder, seen.at);
  }

  /**
   * Of the messages taken without a UID, those that cannot be found at the destination: the server has said that it
   * has them, so they are copied, and to send them again would double them.
   */
  notLocated(pending: ReadonlySet<number>): Map<number, LedgerEntry> {
    for (const message of this.withoutUid.values()) if (pending.has(message.uid)) this.copied(message, 0, []);
    return this.take();
  }
}
