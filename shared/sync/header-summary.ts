/** The few header fields that tell a person which message is meant; raw text, bounded. */
export interface HeaderSummary {
  readonly date?: string;
  readonly from?: string;
  readonly subject?: string;
  readonly messageId?: string;
}

const FIELDS = { date: 'date', from: 'from', subject: 'subject', 'message-id': 'messageId' } as const;
const MAX_LENGTH = 200;
/** Bytes of a message's beginning that are kept until its answer has come. */
const KEPT_BYTES = 8_192;

/** Passes a body on and keeps its first bytes, from which a refused message can be described. */
export function keepBeginning(body: AsyncIterable<Uint8Array>): {
  body: AsyncIterable<Uint8Array>;
  summary: () => HeaderSummary;
} {
  const kept: Uint8Array[] = [];
  let bytes = 0;
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      if (bytes < KEPT_BYTES) {
        // A copy: a view would keep the whole chunk of the socket in memory.
        const part = Uint8Array.from(chunk.subarray(0, KEPT_BYTES - bytes));
        kept.push(part);
        bytes += part.length;
      }
      yield chunk;
    }
  }
  return { body: pass(), summary: () => summarizeHeader(Buffer.concat(kept)) };
}

function summarizeHeader(header: Uint8Array): HeaderSummary {
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
    summary[FIELDS[name]] ??= line
      .slice(colon + 1)
      .trim()
      .slice(0, MAX_LENGTH);
  }
  return summary;
}

function isSummarized(name: string): name is keyof typeof FIELDS {
  return Object.hasOwn(FIELDS, name);
}
