const LONGEST_BYE = 1_000;

/** What is worth remembering of the lines that a server sends to imapflow. */
export class ServerLines {
  #bye: string | undefined;
  #listing = false;
  #listedNow = 0;
  #listed = 0;

  /** Some servers answer LSUB by lines of LIST, so it matters what was asked. */
  commandSent(bytes: Buffer): void {
    const verb = /^[0-9A-F]+ ([A-Z]+)/.exec(bytes.toString('latin1', 0, 32))?.[1];
    if (verb !== undefined) this.#listing = verb === 'LIST' || verb === 'XLIST';
  }

  observe(line: Buffer): void {
    const start = line.toString('latin1', 0, LONGEST_BYE);
    if (/^\* BYE\b/i.test(start)) this.#bye = start.trimEnd();
    else if (/^\* X?LIST /i.test(start)) this.#listedNow += this.#listing ? 1 : 0;
    else if (!/^[*+]/.test(start)) this.#answered(start);
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
