import { HeaderFingerprint } from '../migration/fingerprint.ts';
import { type HeaderSummary, summarizeHeader } from './header-summary.ts';
import { type OddForm, oddFormsOf } from './message-forms.ts';

/** Bytes of a message's beginning that are kept until its answer has come. */
const KEPT_BYTES = 8_192;
/** Bytes of a line that some servers take as the most (Exchange); RFC 5322 2.1.1 has 998. */
const LONG_LINE_BYTES = 10_000;
const LINE_FEED = 10;

/**
 * Sees a message's bytes pass, and keeps by what it is known again, by what a person knows it, and by what a refusal
 * of it can be explained. A few kilobytes, whatever the message's size.
 *
 * @example
 * const watch = new MessageWatch();
 * const { outcome } = await appender.append({ ...message, observe: (chunk) => watch.update(chunk) });
 * const fingerprint = watch.fingerprint();
 */
export class MessageWatch {
  readonly #header = new HeaderFingerprint();
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #hasNul = false;
  /** The last two bytes. */
  #end = '';
  #hasLongLine = false;
  /** Of the line that has not ended. */
  #lineBytes = 0;

  update(chunk: Uint8Array): void {
    if (!this.#header.complete) this.#header.update(chunk);
    // A Buffer looks for a byte natively, which an Uint8Array does not.
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#hasNul ||= bytes.includes(0);
    if (!this.#hasLongLine) this.#measureLines(bytes);
    this.#end = (this.#end + bytes.toString('latin1', Math.max(0, bytes.length - 2))).slice(-2);
    if (this.#keptBytes >= KEPT_BYTES) return;
    // A copy: a view would keep the whole chunk of the socket in memory.
    const part = Buffer.from(bytes.subarray(0, KEPT_BYTES - this.#keptBytes));
    this.#kept.push(part);
    this.#keptBytes += part.length;
  }

  /** Of the header that has passed so far: final once the body has passed. */
  fingerprint(): bigint {
    return this.#header.digest();
  }

  /** What some servers do not keep of it, as far as its first bytes and its end show; final once the body has passed. */
  oddForms(): OddForm[] {
    return oddFormsOf(this.beginning(), this.#end);
  }

  /** Its first bytes. */
  beginning(): Buffer {
    const [only] = this.#kept;
    return only !== undefined && this.#kept.length === 1 ? only : Buffer.concat(this.#kept);
  }

  /** From its first bytes. */
  summary(): HeaderSummary {
    return summarizeHeader(this.beginning());
  }

  /** Whether a zero byte has passed, which RFC 3501 forbids in messages and some servers pass on all the same. */
  get hasNul(): boolean {
    return this.#hasNul;
  }

  /** Whether a line of more than 10,000 bytes has passed. */
  get hasLongLine(): boolean {
    return this.#hasLongLine;
  }

  /** Looks back from as far as a line may reach for where one ended: one search for some hundred lines. */
  #measureLines(bytes: Buffer): void {
    let start = 0;
    for (;;) {
      const reach = start + LONG_LINE_BYTES - this.#lineBytes;
      const end = bytes.lastIndexOf(LINE_FEED, Math.min(reach, bytes.length - 1));
      const ended = end >= start;
      if (reach >= bytes.length) {
        this.#lineBytes = ended ? bytes.length - 1 - end : this.#lineBytes + bytes.length - start;
        return;
      }
      if (!ended) {
        this.#hasLongLine = true;
        return;
      }
      start = end + 1;
      this.#lineBytes = 0;
    }
  }
}
