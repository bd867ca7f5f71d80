import { decodeEncodedWords } from './decode-encoded-words.ts';

/** The few header fields that tell a person which message is meant; as text, bounded. */
export interface HeaderSummary {
  readonly date?: string;
  readonly from?: string;
  readonly subject?: string;
  readonly messageId?: string;
}

const FIELDS = { date: 'date', from: 'from', subject: 'subject', 'message-id': 'messageId' } as const;
const MAX_LENGTH = 200;
/** Reads the summary from the beginning of a message, which may be cut off anywhere. */
export function summarizeHeader(header: Uint8Array): HeaderSummary {
  const unfolded = Buffer.from(header)
    .toString('utf8')
    .replace(/\r?\n[ \t]+/g, ' ');
  const summary: Partial<Record<'date' | 'from' | 'subject' | 'messageId', string>> = {};
  for (const line of unfolded.split(/\r?\n/)) {
    if (line === '') break;
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!isSummarized(name)) continue;
    summary[FIELDS[name]] ??= decodeEncodedWords(line.slice(colon + 1).trim()).slice(0, MAX_LENGTH);
  }
  return summary;
}

function isSummarized(name: string): name is keyof typeof FIELDS {
  return Object.hasOwn(FIELDS, name);
}
