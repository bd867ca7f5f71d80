/** True when the server keeps mod-sequences (RFC 7162); QRESYNC includes CONDSTORE. */
export function hasModseq(capabilities: ReadonlySet<string>): boolean {
  return capabilities.has('CONDSTORE') || capabilities.has('QRESYNC');
}
