/** Forms of messages that some servers take and store as something else. */
export type OddForm = 'no-final-line-end' | 'bare-line-end' | 'eight-bit-header';

/** Of one form, so many messages in a row that were kept as they were show that the server keeps them all. */
const ENOUGH_KEPT = 5;

/** The odd forms of a message, by its first bytes and its last ones. */
export function oddFormsOf(beginning: Buffer, end: string): OddForm[] {
  const text = beginning.toString('latin1');
  const forms: OddForm[] = [];
  if (end !== '\r\n') forms.push('no-final-line-end');
  if (/\r(?![\n]|$)|(?<!\r)\n/.test(text)) forms.push('bare-line-end');
  if (/[\x80-\xff]/.test(headerPart(text))) forms.push('eight-bit-header');
  return forms;
}

/** The header of a message with the empty line that ends it, or as much of it as the beginning holds. */
export function headerPart(text: string): string {
  const end = /\r?\n\r?\n/.exec(text);
  return end === null ? text : text.slice(0, end.index + end[0].length);
}

/**
 * What a worker has learnt of how a destination stores messages: after a few of an odd form that were kept as they
 * were, no more of that form are looked at.
 */
export class StoredForms {
  readonly #kept = new Map<OddForm, number>();

  /** Whether messages of these forms are to be looked at. */
  inDoubt(forms: readonly OddForm[]): boolean {
    return forms.some((form) => (this.#kept.get(form) ?? 0) < ENOUGH_KEPT);
  }

  seen(forms: readonly OddForm[], kept: boolean): void {
    for (const form of forms) this.#kept.set(form, kept ? (this.#kept.get(form) ?? 0) + 1 : 0);
  }
}
