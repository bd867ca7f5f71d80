const LF = 0x0a;
const STAR = 0x2a;
const PLUS = 0x2b;
const EMPTY = Buffer.alloc(0);
/** Status responses end in free text, which may look like the announcement of a literal. */
const STATUS_RESPONSE = /^\* (?:OK|NO|BAD|BYE|PREAUTH)\b/i;

/**
 * Follows the bytes a server sends to one client, so that another client can take over in the middle. What follows
 * the last tagged answer belongs to the successor, complete lines and a torn one alike: nobody asked for it yet
 * (`* BYE`, an alert), and the first client may or may not have looked at it. While a command is in flight only the
 * line that is not finished is kept. A line includes the literals in it (RFC 3501 4.3).
 */
export class HandoverTail {
  /** Bytes since the last tagged answer, or since the last line end while a command is in flight. */
  #kept: Buffer = EMPTY;
  /** Where in `#kept` the unfinished line begins, where its last piece behind a literal does, and what was seen. */
  #lineStart = 0;
  #pieceStart = 0;
  #seen = 0;
  #literalLeft = 0;
  #commandInFlight = false;
  readonly #onLine: (line: Buffer) => void;

  /** @param onLine is shown every line as it is finished, with its line end. */
  constructor(onLine: (line: Buffer) => void = () => undefined) {
    this.#onLine = onLine;
  }

  /** To be called for every write of the first client: an answer is on its way. */
  commandSent(): void {
    this.#commandInFlight = true;
    this.#drop(this.#lineStart);
  }

  /** @returns true if at least one line was finished by these bytes. */
  feed(chunk: Buffer): boolean {
    this.#kept = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    let finishedLine = false;
    while (this.#seen < this.#kept.length) {
      if (this.#literalLeft > 0) {
        const here = Math.min(this.#literalLeft, this.#kept.length - this.#seen);
        this.#literalLeft -= here;
        this.#seen += here;
        this.#pieceStart = this.#seen;
        continue;
      }
      const end = this.#kept.indexOf(LF, this.#seen);
      if (end < 0) {
        this.#seen = this.#kept.length;
        break;
      }
      this.#seen = end + 1;
      this.#literalLeft = this.#announcedLiteral();
      if (this.#literalLeft > 0) continue;
      finishedLine = true;
      this.#finishLine();
    }
    return finishedLine;
  }

  /** What the successor must see first. */
  get bytes(): Buffer {
    return this.#kept;
  }

  #announcedLiteral(): number {
    if (this.#kept[this.#lineStart] !== STAR) return 0;
    const from = Math.max(this.#pieceStart, this.#seen - 20);
    const size = /\{(\d{1,10})\}\r?\n$/.exec(this.#kept.toString('latin1', from, this.#seen))?.[1];
    if (size === undefined) return 0;
    const begin = this.#kept.toString('latin1', this.#lineStart, this.#lineStart + 12);
    return STATUS_RESPONSE.test(begin) ? 0 : Number(size);
  }

  #finishLine(): void {
    const line = this.#kept.subarray(this.#lineStart, this.#seen);
    const tagged = line[0] !== STAR && line[0] !== PLUS && line.length > 2;
    this.#onLine(line);
    if (tagged) this.#commandInFlight = false;
    if (tagged || this.#commandInFlight) this.#drop(this.#seen);
    else this.#lineStart = this.#seen;
    this.#pieceStart = this.#lineStart;
  }

  #drop(bytes: number): void {
    this.#kept = this.#kept.subarray(bytes);
    this.#lineStart = Math.max(0, this.#lineStart - bytes);
    this.#pieceStart = Math.max(0, this.#pieceStart - bytes);
    this.#seen = Math.max(0, this.#seen - bytes);
  }
}
