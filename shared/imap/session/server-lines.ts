import { isAscii } from 'node:buffer';

const LONGEST_BYE = 1_000;
/** Names in 8 bits that are remembered; of those beyond, what imapflow reads is all there is. */
const MOST_NAMES = 10_000;

/** `* LIST (…) "/" "name"`, or the name as an atom. */
const LISTED_NAME = /^\* X?LIST \([^)]*\) (?:NIL|"(?:\\.|[^"\\])*") (?:"((?:\\.|[^"\\])*)"|([^\s"{]+))\s*$/i;

/** What is worth remembering of the lines that a server sends to imapflow. */
export class ServerLines {
  #bye: string | undefined;
  #listing = false;
  #listedNow = 0;
  #listed = 0;
  readonly #names: string[] = [];

  /** Lines of LIST may answer other questions too (LSUB, at some servers), so it matters what was asked. */
  commandSent(bytes: Buffer): void {
    const verb = /^[0-9A-F]+ ([A-Z]+)/.exec(bytes.toString('latin1', 0, 32))?.[1];
    if (verb !== undefined) this.#listing = verb === 'LIST' || verb === 'XLIST';
  }

  observe(line: Buffer): void {
    const start = line.toString('latin1', 0, LONGEST_BYE);
    if (/^\* BYE\b/i.test(start)) this.#bye = start.trimEnd();
    else if (/^\* X?LIST /i.test(start)) this.#listedOne(line);
    else if (!/^[*+]/.test(start)) this.#answered(start);
  }

  #listedOne(line: Buffer): void {
    if (!this.#listing) return;
    this.#listedNow += 1;
    if (isAscii(line) || this.#names.length >= MOST_NAMES) return;
    const [, quoted, atom] = LISTED_NAME.exec(line.toString('latin1')) ?? [];
    const name = quoted?.replace(/\\(.)/g, '$1') ?? atom;
    if (name !== undefined) this.#names.push(name);
  }

  /**
   * The bytes of a listed name, one character each, by what becomes of them when they are read as UTF-8. Where that
   * is the same for several, each call gives the next.
   */
  takeListedName(readAsUtf8: string): string | undefined {
    const at = this.#names.findIndex((name) => Buffer.from(name, 'latin1').toString('utf8') === readAsUtf8);
    return at === -1 ? undefined : this.#names.splice(at, 1)[0];
  }

  #answered(tagged: string): void {
    // What came before a refusal is worth nothing; imapflow asks again in simpler words.
    if (/^\S+ OK\b/i.test(tagged)) this.#listed += this.#listedNow;
    this.#listedNow = 0;
  }

  /** The server's farewell, if it said one. */
  get bye(): string | undefined {
    return this.#bye;
  }

  /** How many lines of LIST came with commands that succeeded. */
  get listed(): number {
    return this.#listed;
  }
}
