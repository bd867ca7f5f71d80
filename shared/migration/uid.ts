/** The largest UID: an unsigned 32-bit number that is not 0 (RFC 3501 2.3.1.1). */
export const MAX_UID = 0xffff_ffff;

export function isUid(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MAX_UID;
}
