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
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;

/** What does not count in a value: blanks and control characters. */
const UNCOUNTED = /[\0-\x20\x7f]+/g;

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
  /** One character for each byte that counts. */
  readonly #values: Array<string | undefined> = FINGERPRINT_FIELDS.map(() => undefined);
  #place: Place = 'name';
  /** Nothing of the line has been seen that is more than its end. */
  #lineStart = true;
  #name = '';
  #field = -1;

  /** The empty line was seen: what follows is the body and is ignored. */
  get complete(): boolean {
    return this.#place === 'done';
  }

  update(chunk: Uint8Array): void {
    // A Buffer searches and decodes natively, which an Uint8Array does not.
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let index = 0;
    while (index < bytes.length && this.#place !== 'done') {
      if (this.#lineStart) index = this.#beginLine(bytes, index);
      else if (this.#place === 'name') index = this.#takeName(bytes, index);
      else index = this.#takeRest(bytes, index);
    }
  }

  /** Eight bytes of SHA-256, or NO_FINGERPRINT where no field has a value. May be asked at any moment. */
  digest(): bigint {
    let text = '';
    for (const [index, name] of FINGERPRINT_FIELDS.entries()) {
      const value = this.#values[index];
      if (value === undefined || value.length === 0) continue;
      // Values hold no control characters, so the line feed keeps fields apart.
      text += `${name}:${value}\n`;
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

  /** @returns where to go on */
  #beginLine(bytes: Buffer, index: number): number {
    switch (bytes[index]) {
      case CARRIAGE_RETURN:
        return index + 1;
      case LINE_FEED:
        this.#place = 'done';
        return index + 1;
      case SPACE:
      case TAB:
        // Continues the field above it (RFC 5322 2.2.3), if there is one.
        if (this.#place === 'name') this.#place = 'other';
        break;
      default:
        this.#place = 'name';
        this.#name = '';
    }
    this.#lineStart = false;
    return index;
  }

  #takeName(bytes: Buffer, from: number): number {
    for (let index = from; index < bytes.length; index += 1) {
      const byte = bytes[index] ?? LINE_FEED;
      switch (byte) {
        case LINE_FEED:
          this.#lineStart = true;
          return index + 1;
        case COLON: {
          const field = FIELD_NUMBERS.get(this.#name.toLowerCase());
          const isWanted = field !== undefined && this.#values[field] === undefined;
          this.#place = isWanted ? 'value' : 'other';
          if (isWanted) {
            this.#field = field;
            this.#values[field] = '';
          }
          return index + 1;
        }
        case CARRIAGE_RETURN:
        // RFC 5322 4.5.3 allows blanks before the colon.
        case SPACE:
        case TAB:
          break;
        default:
          if (this.#name.length >= LONGEST_NAME) {
            this.#place = 'other';
            return index + 1;
          }
          this.#name += String.fromCharCode(byte);
      }
    }
    return bytes.length;
  }

  /** What is left of a line behind its name. */
  #takeRest(bytes: Buffer, from: number): number {
    const found = bytes.indexOf(LINE_FEED, from);
    const end = found === -1 ? bytes.length : found;
    if (this.#place === 'value') this.#takeValue(bytes, from, end);
    this.#lineStart = found !== -1;
    return end + 1;
  }

  #takeValue(bytes: Buffer, from: number, end: number): void {
    const value = this.#values[this.#field] ?? '';
    if (value.length >= FIELD_BYTES) return;
    const more = bytes.toString('latin1', from, end).replace(UNCOUNTED, '');
    this.#values[this.#field] = (value + more).slice(0, FIELD_BYTES);
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
