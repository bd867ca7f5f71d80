import { hash } from 'node:crypto';

/** The header fields that identify a message. The first of each counts, so only the last hop's Received. */
export const FINGERPRINT_FIELDS = [
  'Message-ID',
  'Date',
  'From',
  'To',
  'Cc',
  'Subject',
  'In-Reply-To',
  'Received',
] as const;

/**
 * The fingerprint of a header without any of the fields. It tells messages with such headers apart from all
 * others, not from one another: only their bytes do.
 */
export const NO_FINGERPRINT = 0n;

/** Bytes of a field that count: thousands of recipients do not cost memory. */
const FIELD_BYTES = 4096;

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const DELETE = 0x7f;

const FIELD_NUMBERS = new Map(FINGERPRINT_FIELDS.map((name, index) => [name.toLowerCase(), index]));
const LONGEST_NAME = Math.max(...FINGERPRINT_FIELDS.map((name) => name.length));

/** Where the scanner stands: in the name of a field, in a value that counts, in a line that does not, or done. */
type Place = 'name' | 'value' | 'other' | 'done';

/**
 * Computes the fingerprint of a header that arrives in pieces, in bounded memory and linear time.
 *
 * Servers re-fold and re-space headers, change line ends, and answer HEADER.FIELDS in their own order (RFC 3501
 * 6.4.5). So blanks and control characters do not count, names ignore case, and fields are taken in our order. An
 * empty field is like a missing one. Bytes are compared as they are, 8-bit ones too.
 */
export class HeaderFingerprint {
  readonly #values: Array<{ bytes: Buffer; length: number } | undefined> = FINGERPRINT_FIELDS.map(
    () => undefined,
  );
  #place: Place = 'name';
  #lineStart = true;
  #name = '';
  #field = -1;
  /** The line so far has nothing but its end, so it ends the header. */
  #lineEmpty = true;

  /** The empty line was seen: what follows is the body and is ignored. */
  get complete(): boolean {
    return this.#place === 'done';
  }

  update(chunk: Uint8Array): void {
    let index = 0;
    while (index < chunk.length && this.#place !== 'done') {
      if (this.#place === 'other' && !this.#lineStart) {
        const end = chunk.indexOf(LINE_FEED, index);
        if (end === -1) return;
        index = end;
      }
      this.#take(chunk[index] ?? LINE_FEED);
      index += 1;
    }
  }

  /** Eight bytes of SHA-256, or NO_FINGERPRINT where no field has a value. May be asked at any moment. */
  digest(): bigint {
    let text = '';
    for (const [index, name] of FINGERPRINT_FIELDS.entries()) {
      const value = this.#values[index];
      if (value === undefined || value.length === 0) continue;
      // Values hold no control characters, so the line feed keeps fields apart.
      text += `${name}:${value.bytes.toString('latin1', 0, value.length)}\n`;
    }
    // in one piece: a hash object and its updates cost more than the hashing
    return text === ''
      ? NO_FINGERPRINT
      : hash('sha256', Buffer.from(text, 'latin1'), 'buffer').readBigUInt64BE(0);
  }

  /** Whether the header says enough to tell its message from others: a Message-ID, or a Date beside another field. */
  isStrong(): boolean {
    const has = (name: (typeof FINGERPRINT_FIELDS)[number]) =>
      (this.#values[FINGERPRINT_FIELDS.indexOf(name)]?.length ?? 0) > 0;
    return has('Message-ID') || (has('Date') && (has('From') || has('Received') || has('Subject')));
  }

  #take(byte: number): void {
    if (byte === LINE_FEED) {
      if (this.#lineEmpty) this.#place = 'done';
      this.#lineStart = true;
      this.#lineEmpty = true;
      return;
    }
    if (byte === 0x0d) return;
    this.#lineEmpty = false;
    if (this.#lineStart) {
      this.#lineStart = false;
      // A line that begins with a blank continues the field above it (RFC 5322 2.2.3).
      if (byte !== SPACE && byte !== TAB) {
        this.#place = 'name';
        this.#name = '';
      } else if (this.#place === 'name') {
        this.#place = 'other';
      }
    }
    if (this.#place === 'name') this.#takeName(byte);
    else if (this.#place === 'value') this.#takeValue(byte);
  }

  #takeName(byte: number): void {
    if (byte === COLON) {
      const field = FIELD_NUMBERS.get(this.#name.toLowerCase());
      const wanted = field !== undefined && this.#values[field] === undefined;
      this.#place = wanted ? 'value' : 'other';
      if (wanted) {
        this.#field = field;
        this.#values[field] = { bytes: Buffer.alloc(0), length: 0 };
      }
      return;
    }
    // RFC 5322 4.5.3 allows blanks before the colon.
    if (byte === SPACE || byte === TAB) return;
    if (this.#name.length >= LONGEST_NAME) this.#place = 'other';
    else this.#name += String.fromCharCode(byte);
  }

  #takeValue(byte: number): void {
    const value = this.#values[this.#field];
    if (byte <= SPACE || byte === DELETE || value === undefined || value.length >= FIELD_BYTES) return;
    if (value.length === value.bytes.length) {
      const grown = Buffer.alloc(Math.min(FIELD_BYTES, Math.max(64, value.length * 2)));
      value.bytes.copy(grown);
      value.bytes = grown;
    }
    value.bytes[value.length] = byte;
    value.length += 1;
  }
}

/** The fingerprint of a raw header block or of a `HEADER.FIELDS` answer; see HeaderFingerprint. */
export function fingerprintHeader(header: Uint8Array): bigint {
  const fingerprint = new HeaderFingerprint();
  fingerprint.update(header);
  return fingerprint.digest();
}

/** Whether a header identifies its message; a weak one must not be taken for a proof of identity. */
export function isStrongHeader(header: Uint8Array): boolean {
  const fingerprint = new HeaderFingerprint();
  fingerprint.update(header);
  return fingerprint.isStrong();
}
