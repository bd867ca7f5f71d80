/**
 * The UIDs that are not among the others.
 * @param uids ascending
 * @param others ascending
 */
export function uidsWithout(uids: Uint32Array, others: Uint32Array): Uint32Array {
  const left = uids.slice();
  let kept = 0;
  let at = 0;
  for (const uid of uids) {
    while (at < others.length && (others[at] ?? 0) < uid) at += 1;
    if (others[at] === uid) continue;
    left[kept] = uid;
    kept += 1;
  }
  return left.subarray(0, kept);
}
