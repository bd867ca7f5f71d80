import { internalDateDay } from '../internal-date.ts';

/** Which messages of a folder are copied. A message that a limit leaves out has no ledger entry. */
export interface MessageLimits {
  /** YYYY-MM-DD; this day and later, by the date at which the source received the message (INTERNALDATE). */
  readonly since?: string;
  /** YYYY-MM-DD; earlier than this day. */
  readonly before?: string;
  /** Bytes, as the source tells them (RFC822.SIZE). */
  readonly maxMessageBytes?: number;
}

/** What of a selection concerns single messages. */
export function messageLimits({ since, before, maxMessageBytes }: MessageLimits): MessageLimits {
  return {
    ...(since === undefined ? {} : { since }),
    ...(before === undefined ? {} : { before }),
    ...(maxMessageBytes === undefined ? {} : { maxMessageBytes }),
  };
}

/** The same text for the same limits; '' for none. */
export function limitsKey({ since, before, maxMessageBytes }: MessageLimits): string {
  if (since === undefined && before === undefined && maxMessageBytes === undefined) return '';
  return `${since ?? ''}/${before ?? ''}/${maxMessageBytes ?? ''}`;
}

/** What a server compares where it is asked by SEARCH: the day as it stands in the date, whatever its zone. */
export function isWithin(
  { since, before, maxMessageBytes }: MessageLimits,
  message: { readonly internalDate: string; readonly size: number },
): boolean {
  if (maxMessageBytes !== undefined && message.size > maxMessageBytes) return false;
  const day = internalDateDay(message.internalDate);
  // Whose date cannot be read is not left out for it.
  if (day === undefined) return true;
  return (since === undefined || day >= since) && (before === undefined || day < before);
}
