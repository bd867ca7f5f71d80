/**
 * Modified UTF-7 (RFC 3501 5.1.3) for the checker. Written apart from the product's own codec, so that one
 * error cannot hide in both.
 */
export function toWireName(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, (run) => {
    if (run === '&') return '&-';
    const utf16 = Buffer.from(run, 'utf16le').swap16();
    return `&${utf16.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;
  });
}

/** The name as people read it. */
export function fromWireName(wire: string): string {
  return wire.replace(/&([^-]*)-/g, (_whole, code: string) => {
    if (code === '') return '&';
    const bytes = Buffer.from(code.replaceAll(',', '/'), 'base64');
    return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le');
  });
}
