import { MailFolder, type StoredMail } from './mail-folder.ts';
import type { ProviderScript } from './provider-script.ts';

/** What a test puts into a mailbox. */
export interface NewMail {
  readonly bytes: Buffer | string;
  readonly flags?: readonly string[];
  /** As APPEND takes it. */
  readonly internalDate?: string;
}

const DATE = '15-May-2024 12:00:00 +0200';

/** The mailbox of one user of a scripted server. */
export class MailAccount {
  readonly user: string;
  readonly password: string;
  readonly script: ProviderScript;
  /** Connections that are signed in. */
  connections = 0;
  #folders: MailFolder[] = [];
  #modseq = 1;
  #ids = 1_278_455_344_230_334_000n;
  #uidValidity = 1_000;

  constructor(script: ProviderScript, user: string, password: string) {
    this.script = script;
    this.user = user;
    this.password = password;
    for (const { path, attributes } of script.folders) this.create(path, attributes);
  }

  get folders(): readonly MailFolder[] {
    return this.#folders;
  }

  find(path: string): MailFolder | undefined {
    const key = this.#key(path);
    return this.#folders.find((folder) => this.#key(folder.path) === key);
  }

  /** @throws RangeError where there is none */
  folder(path: string): MailFolder {
    const folder = this.find(path);
    if (folder === undefined) throw new RangeError(`${this.user} has no folder ${path}.`);
    return folder;
  }

  create(path: string, attributes: readonly string[] = ['\\HasNoChildren']): MailFolder {
    this.#uidValidity += 1;
    const folder = new MailFolder(path, attributes, this.#uidValidity);
    this.#folders.push(folder);
    return folder;
  }

  delete(path: string): void {
    const folder = this.folder(path);
    this.#folders = this.#folders.filter((each) => each !== folder);
  }

  /** Delivers a message into folders; they hold the same one where the server knows labels. @returns its id */
  deliver(paths: readonly string[], mail: NewMail): bigint {
    const stored = this.make({ ...mail, bytes: Buffer.from(mail.bytes) });
    for (const [index, path] of paths.entries()) {
      const folder = this.find(path) ?? this.create(path);
      folder.add(index === 0 || this.script.labels === true ? stored : this.copyOf(stored));
    }
    return stored.id;
  }

  make(mail: { bytes: Buffer; flags?: readonly string[]; internalDate?: string }): StoredMail {
    const { bytes, flags = [], internalDate = DATE } = mail;
    this.#ids += 1n;
    return { id: this.#ids, bytes, flags: [...flags], internalDate, modseq: this.nextModseq() };
  }

  copyOf({ bytes, flags, internalDate }: StoredMail): StoredMail {
    return this.make({ bytes, flags, internalDate });
  }

  nextModseq(): number {
    this.#modseq += 1;
    return this.#modseq;
  }

  /** Of the folder: the highest of its messages. */
  highestModseq(folder: MailFolder): number {
    return folder.entries.reduce((highest, { mail }) => Math.max(highest, mail.modseq), 1);
  }

  /** Folders that hold a message, which are its labels where the server knows labels. */
  labelsOf(mail: StoredMail): readonly MailFolder[] {
    return this.#folders.filter((folder) => folder.entries.some((entry) => entry.mail === mail));
  }

  #key(path: string): string {
    const name = /^inbox(?=\/|$)/i.test(path) ? `INBOX${path.slice(5)}` : path;
    return this.script.caseInsensitive === true ? name.toLowerCase() : name;
  }
}
