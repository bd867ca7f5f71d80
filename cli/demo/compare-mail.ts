import { createHash } from 'node:crypto';
import type { DemoMessage } from './demo-server.ts';

/**
 * Compares two mailboxes as multisets of messages: bytes, date and flags. Folders may have other names.
 * @returns the first difference in words, or undefined when there is none
 */
export function compareMail(
  source: readonly DemoMessage[],
  destination: readonly DemoMessage[],
): string | undefined {
  const counts = new Map<string, number>();
  for (const message of source) counts.set(identity(message), (counts.get(identity(message)) ?? 0) + 1);
  for (const message of destination) {
    const left = counts.get(identity(message)) ?? 0;
    if (left === 0)
      return `${message.folder} at the destination has a message that the source has not (or once less)`;
    counts.set(identity(message), left - 1);
  }
  const missing = source.find((message) => (counts.get(identity(message)) ?? 0) > 0);
  return missing === undefined ? undefined : `a message of ${missing.folder} is missing at the destination`;
}

function identity({ raw, flags, internalDate }: DemoMessage): string {
  const digest = createHash('sha256').update(raw, 'latin1').digest('hex');
  return JSON.stringify([digest, internalDate.trim(), flags.toSorted()]);
}
