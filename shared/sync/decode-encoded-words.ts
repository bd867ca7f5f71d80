const WORD = /=\?([^?*\s]{1,40})(?:\*[^?\s]{1,20})?\?([bq])\?([^?\s]*)\?=/i;
/** Words that follow one another, with what folding has left between them. */
const WORDS = new RegExp(`${WORD.source}(?:\\s*${WORD.source})*`, 'gi');
const EACH_WORD = new RegExp(WORD.source, 'gi');

/**
 * Header text as people read it: encoded words (RFC 2047) become what they stand for, blanks between two of them fall
 * away (6.2). What cannot be decoded stays as it is. Some mailers cut a character in two between words of one charset,
 * so those are decoded together.
 */
export function decodeEncodedWords(text: string): string {
  return text.replace(WORDS, (run) => {
    const parts: Array<{ charset: string; bytes: Buffer[]; raw: string }> = [];
    for (const [raw, charset = '', encoding = '', content = ''] of run.matchAll(EACH_WORD)) {
      const bytes = bytesOf(encoding, content);
      const last = parts.at(-1);
      if (last?.charset === charset.toLowerCase()) {
        last.bytes.push(bytes);
        last.raw += raw;
      } else {
        parts.push({ charset: charset.toLowerCase(), bytes: [bytes], raw });
      }
    }
    return parts.map(({ charset, bytes, raw }) => decode(charset, Buffer.concat(bytes)) ?? raw).join('');
  });
}

function bytesOf(encoding: string, content: string): Buffer {
  if (encoding.toLowerCase() === 'b') return Buffer.from(content, 'base64');
  const text = content
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}

function decode(charset: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return undefined; // a charset that nobody knows
  }
}
