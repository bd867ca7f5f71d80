/** A message as a server keeps it. Where messages have labels, several folders hold the same one. */
export interface StoredMail {
  /** X-GM-MSGID where the server tells it. */
  readonly id: bigint;
  readonly bytes: Buffer;
  /** As APPEND gives it. */
  readonly internalDate: string;
  flags: readonly string[];
  modseq: number;
}

export interface FolderEntry {
  readonly uid: number;
  readonly mail: StoredMail;
}

/** A folder of a scripted server. */
export class MailFolder {
  path: string;
  readonly attributes: readonly string[];
  readonly uidValidity: number;
  uidNext = 1;
  /** Ascending by UID. */
  entries: FolderEntry[] = [];

  constructor(path: string, attributes: readonly string[], uidValidity: number) {
    this.path = path;
    this.attributes = attributes;
    this.uidValidity = uidValidity;
  }

  get selectable(): boolean {
    return !this.attributes.some((attribute) => attribute.toLowerCase() === '\\noselect');
  }

  /** @returns the new UID */
  add(mail: StoredMail): number {
    const uid = this.uidNext;
    this.uidNext += 1;
    this.entries.push({ uid, mail });
    return uid;
  }

  remove(uids: ReadonlySet<number>): void {
    this.entries = this.entries.filter(({ uid }) => !uids.has(uid));
  }

  find(uid: number): FolderEntry | undefined {
    return this.entries.find((entry) => entry.uid === uid);
  }

  /** What a client gets to see. */
  shown(most: number | undefined): readonly FolderEntry[] {
    return most === undefined || this.entries.length <= most ? this.entries : this.entries.slice(-most);
  }
}
