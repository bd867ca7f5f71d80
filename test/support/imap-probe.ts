import { appendMessage } from './fill-mailbox.ts';
import { ImapTestClient, mailboxArgument, TestImapError, type MailboxAccess } from './imap-test-client.ts';
import { withResource } from './with-resource.ts';

export interface ProbeMessage {
  bytes: Buffer | string;
  flags?: readonly string[];
  /** As APPEND takes it; a fixed date of 2024 unless given. */
  internalDate?: string;
}

export interface FolderCounters {
  messages: number;
  uidNext: number;
  uidValidity: number;
}

/**
 * What a user (or another tool) does to a mailbox between two passes. Folders are given level by level, so that a
 * test reads the same for servers with other separators and prefixes.
 */
export class ImapProbe implements AsyncDisposable {
  readonly #client: ImapTestClient;
  #selected: string | undefined;

  private constructor(client: ImapTestClient) {
    this.#client = client;
  }

  /** Opens a probe, uses it and closes it. */
  static use<T>(access: MailboxAccess, act: (probe: ImapProbe) => Promise<T>): Promise<T> {
    return withResource(ImapProbe.open(access), act);
  }

  static async open(access: MailboxAccess): Promise<ImapProbe> {
    return new ImapProbe(await ImapTestClient.connect(access));
  }

  /** Appends and returns the new UID. */
  async append(folder: readonly string[], message: ProbeMessage): Promise<number> {
    const bytes = Buffer.from(message.bytes);
    const uid = await appendMessage(this.#client, this.#client.pathOf(folder), {
      flags: message.flags ?? [],
      internalDate: message.internalDate ?? '15-May-2024 12:00:00 +0200',
      bytes: () => bytes,
    });
    return uid ?? (await this.counters(folder)).uidNext - 1;
  }

  /** Replaces the flags of messages. */
  async setFlags(
    folder: readonly string[],
    uids: readonly number[],
    flags: readonly string[],
  ): Promise<void> {
    await this.#select(folder);
    await this.#client.execute([`UID STORE ${uids.join(',')} FLAGS.SILENT (${flags.join(' ')})`]);
  }

  /** Removes messages for good (other \Deleted ones stay where the server has UIDPLUS). */
  async remove(folder: readonly string[], uids: readonly number[]): Promise<void> {
    await this.#select(folder);
    await this.#client.execute([`UID STORE ${uids.join(',')} +FLAGS.SILENT (\\Deleted)`]);
    // Also where a test keeps the server from announcing UIDPLUS: EXPUNGE would take what else is marked as deleted.
    await this.#client.execute([`UID EXPUNGE ${uids.join(',')}`]);
  }

  /** Moves messages to another folder, by copying and removing where the server has no MOVE. */
  async move(from: readonly string[], uids: readonly number[], to: readonly string[]): Promise<void> {
    await this.#select(from);
    const target = mailboxArgument(this.#client.pathOf(to));
    if (this.#client.capabilities.has('MOVE')) {
      await this.#client.execute([`UID MOVE ${uids.join(',')} ${target}`]);
      return;
    }
    await this.#client.execute([`UID COPY ${uids.join(',')} ${target}`]);
    await this.remove(from, uids);
  }

  async createFolder(folder: readonly string[]): Promise<void> {
    await this.#client.execute([`CREATE ${this.#argument(folder)}`]);
  }

  async deleteFolder(folder: readonly string[]): Promise<void> {
    await this.#unselect();
    await this.#client.execute([`DELETE ${this.#argument(folder)}`]);
  }

  async renameFolder(from: readonly string[], to: readonly string[]): Promise<void> {
    await this.#unselect();
    await this.#client.execute([`RENAME ${this.#argument(from)} ${this.#argument(to)}`]);
  }

  /** Every folder, level by level. */
  async folders(): Promise<string[][]> {
    return (await this.#client.list()).map(({ path }) => this.#client.segmentsOf(path));
  }

  /** The UIDs of a folder, ascending. */
  async uids(folder: readonly string[]): Promise<number[]> {
    await this.#select(folder);
    const uids: number[] = [];
    await this.#client.execute(['UID SEARCH ALL'], {
      onUntagged: ({ text }) => {
        if (!text.startsWith('* SEARCH')) return;
        uids.push(
          ...text
            .split(' ')
            .slice(2)
            .filter((each) => each !== '')
            .map(Number),
        );
      },
    });
    return uids.toSorted((a, b) => a - b);
  }

  /** STATUS of a folder; undefined where there is no such folder. */
  async countersIfThere(folder: readonly string[]): Promise<FolderCounters | undefined> {
    return (await this.#exists(folder)) ? this.counters(folder) : undefined;
  }

  async counters(folder: readonly string[]): Promise<FolderCounters> {
    const counters: FolderCounters = { messages: 0, uidNext: 0, uidValidity: 0 };
    await this.#client.execute([`STATUS ${this.#argument(folder)} (MESSAGES UIDNEXT UIDVALIDITY)`], {
      onUntagged: ({ text }) => {
        const number = (name: string): number =>
          Number(new RegExp(`\\b${name} (\\d+)`, 'i').exec(text)?.[1] ?? 0);
        if (!/^\* STATUS /i.test(text)) return;
        counters.messages = number('MESSAGES');
        counters.uidNext = number('UIDNEXT');
        counters.uidValidity = number('UIDVALIDITY');
      },
    });
    if (counters.uidValidity === 0) throw new TestImapError(`No STATUS of ${folder.join('/')}`);
    return counters;
  }

  /** Messages in all selectable folders together. */
  async messageCount(): Promise<number> {
    let count = 0;
    for (const { path, attributes } of await this.#client.list()) {
      if (attributes.some((each) => /^\\(Noselect|NonExistent)$/i.test(each))) continue;
      count += (await this.counters(this.#client.segmentsOf(path))).messages;
    }
    return count;
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #exists(folder: readonly string[]): Promise<boolean> {
    const path = this.#client.pathOf(folder);
    return (await this.#client.list()).some((each) => each.path === path);
  }

  #argument(folder: readonly string[]): string {
    return mailboxArgument(this.#client.pathOf(folder));
  }

  async #select(folder: readonly string[]): Promise<void> {
    const argument = this.#argument(folder);
    await this.#client.execute([`SELECT ${argument}`]);
    this.#selected = argument;
  }

  /** A folder that is open here might not be deleted or renamed by every server. */
  async #unselect(): Promise<void> {
    if (this.#selected === undefined) return;
    this.#selected = undefined;
    if (this.#client.capabilities.has('UNSELECT')) await this.#client.execute(['UNSELECT']);
  }
}
