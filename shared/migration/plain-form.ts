const NUL = 0x00;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const EIGHT_BIT = 0x80;
const SUBSTITUTE = 0x58; // X, as Cyrus writes it

/**
 * Brings a message that comes in pieces into the form in which it looks the same before and after a server has stored
 * it: without carriage returns, without line ends behind the last line, raw 8-bit characters of the header as X (Cyrus),
 * zero bytes as 0x80 (Dovecot).
 */
export class PlainForm {
  #inHeader = true;
  #lineEmpty = true;
  /** Line feeds that count only if something follows. */
  #held = 0;

  /** What the piece adds. */
  update(chunk: Uint8Array): Uint8Array {
    const plain: number[] = [];
    for (const byte of chunk) {
      if (byte === CARRIAGE_RETURN) continue;
      if (byte === LINE_FEED) {
        if (this.#lineEmpty) this.#inHeader = false;
        this.#lineEmpty = true;
        this.#held += 1;
        continue;
      }
      this.#lineEmpty = false;
      for (; this.#held > 0; this.#held -= 1) plain.push(LINE_FEED);
      plain.push(this.#plain(byte));
    }
    return Uint8Array.from(plain);
  }

  #plain(byte: number): number {
    const stored = byte === NUL ? EIGHT_BIT : byte;
    return this.#inHeader && stored >= EIGHT_BIT ? SUBSTITUTE : stored;
  }
}
