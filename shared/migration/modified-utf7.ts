const RUN = /[^\x20-\x7e]+|&/g;
const SHIFTED = /&([A-Za-z0-9+,]*)-/g;

/**
 * The name of a mailbox as IMAP sends it where UTF-8 is not agreed upon (RFC 3501 5.1.3). Total: works on UTF-16
 * units, so that even a lone surrogate survives.
 */
export function encodeModifiedUtf7(name: string): string {
  return name.replace(RUN, (run) => (run === '&' ? '&-' : `&${toBase64(run)}-`));
}

/**
 * The counterpart. A name that is not what RFC 3501 demands (raw 8-bit, a lone `&`, padding, ASCII in base64) is
 * returned as it is: such a name cannot be addressed by its decoded form, for
 * `encodeModifiedUtf7(decodeModifiedUtf7(name)) === name` does not hold for it. Never throws.
 */
export function decodeModifiedUtf7(name: string): string {
  const decoded = name.replace(SHIFTED, (_, base64: string) => (base64 === '' ? '&' : fromBase64(base64)));
  return encodeModifiedUtf7(decoded) === name ? decoded : name;
}

function toBase64(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('base64').replaceAll('/', ',').replace(/=+$/, '');
}

function fromBase64(base64: string): string {
  const bytes = Buffer.from(base64.replaceAll(',', '/'), 'base64');
  return bytes
    .subarray(0, bytes.length - (bytes.length % 2))
    .swap16()
    .toString('utf16le');
}
