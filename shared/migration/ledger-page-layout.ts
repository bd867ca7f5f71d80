/*
 * Layout of a ledger page, version 1. Numbers are varints unless said otherwise.
 *
 *   version byte · flag dictionary · count · entries
 *   entry: head · UID minus the previous UID minus 1 · what its kind adds
 *   head:  kind + 8 × detail
 *
 *   kind                  detail       adds
 *   pending               attempts     nothing
 *   copied, adopted       flag list    destination UID minus the previous one (zigzag) · size · fingerprint (8 bytes)
 *   …WithoutDestination   flag list    size · fingerprint
 *   skipped, failed       reason       attempts · size · fingerprint
 */
export const VERSION = 1;

export const KIND = {
  pending: 0,
  copied: 1,
  adopted: 2,
  skipped: 3,
  failed: 4,
  copiedWithoutDestination: 5,
  adoptedWithoutDestination: 6,
} as const;

export const KINDS = 8;
/** Bytes of a pending entry. */
export const SHORTEST_ENTRY = 2;
export const FINGERPRINT_BYTES = 8;
export const MAX_ATTEMPTS = 0xffff_ffff;
