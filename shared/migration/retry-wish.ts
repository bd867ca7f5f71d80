import type { ItemReason } from './item-reason.ts';

/** Which messages that were not copied somebody wants to be tried again. */
export type RetryWish =
  /** Some, by their UIDs at the source. */
  | { readonly kind: 'messages'; readonly folderId: string; readonly uids: readonly number[] }
  /** All for which everything holds that is said here. */
  | ({ readonly kind: 'matching' } & ItemFilter);

export interface ItemFilter {
  readonly folderId?: string;
  /** `copied`: the destination keeps it in another form, which no try changes. */
  readonly state?: 'copied' | 'skipped' | 'failed';
  readonly reason?: ItemReason;
}

/** A message that was not copied. */
interface Uncopied {
  readonly uid: number;
  readonly state: 'skipped' | 'failed';
  readonly reason: ItemReason;
}

export function fitsFilter({ folderId, state, reason }: ItemFilter, item: Required<ItemFilter>): boolean {
  return (
    (folderId === undefined || folderId === item.folderId) &&
    (state === undefined || state === item.state) &&
    (reason === undefined || reason === item.reason)
  );
}

/**
 * What the wishes mean for the messages of one folder; undefined where they mean none of them.
 *
 * A message that is copied with another label is not wanted for itself, whatever was asked.
 */
export function wantedIn(
  folderId: string,
  wishes: readonly RetryWish[],
): ((message: Uncopied) => boolean) | undefined {
  const uids = new Set<number>();
  const filters: ItemFilter[] = [];
  for (const wish of wishes) {
    if (wish.folderId !== undefined && wish.folderId !== folderId) continue;
    if (wish.kind === 'matching') filters.push(wish);
    else for (const uid of wish.uids) uids.add(uid);
  }
  if (uids.size === 0 && filters.length === 0) return undefined;
  return ({ uid, state, reason }) =>
    reason !== 'other-label' &&
    (uids.has(uid) || filters.some((filter) => fitsFilter(filter, { folderId, state, reason })));
}
