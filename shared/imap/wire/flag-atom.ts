// oxlint-disable-next-line no-control-regex -- control characters are what must not pass
const FLAG = /^\\?[^\x00-\x20\x7f(){"\\]+$/;

/** True when a flag can stand in a command without changing its meaning (RFC 3501 9: flag). */
export function isFlagAtom(flag: string): boolean {
  return FLAG.test(flag);
}
