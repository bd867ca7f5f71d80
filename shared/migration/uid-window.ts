import { MigrationInputError } from './errors.ts';

/** Messages of one chunk of work, which is one page of the ledger. */
export const PAGE_SIZE = 500;
/** In folders so large that all lanes have enough to do all the same: half as many requests for each message. */
const LARGE_PAGE_SIZE = 1000;
const LARGE_FOLDER = 10_000;

/** How large pages for so many new messages of a folder should be. */
export function pageSizeFor(messages: number): number {
  return messages >= LARGE_FOLDER ? LARGE_PAGE_SIZE : PAGE_SIZE;
}

/** Cuts a list of UIDs into runs of at most `size`, in order: views of the list, not copies. */
export function windowsOf(uids: Uint32Array, size: number = PAGE_SIZE): Uint32Array[] {
  if (!Number.isInteger(size) || size < 1) {
    throw new MigrationInputError(`A window holds at least one UID, not ${size}.`);
  }
  const windows: Uint32Array[] = [];
  for (let start = 0; start < uids.length; start += size) windows.push(uids.subarray(start, start + size));
  return windows;
}
