import type { ImapConnection } from '../wire/imap-connection.ts';
import { uidBatches } from '../wire/uid-batches.ts';
import type { Wait } from '../wire/wait.ts';
import { fetchRows } from './fetch-rows.ts';
import { hasModseq } from './modseq-capability.ts';
import type { UidRange } from './search-uids.ts';

const MESSAGES_PER_COMMAND = 2000;

export type FlagsQuery =
  /** Ascending. */
  | { readonly uids: readonly number[] }
  /** `changedSince`: only messages whose flags have a higher mod-sequence; without CONDSTORE all come. */
  | { readonly range: UidRange; readonly changedSince?: bigint };

/**
 * Flags of messages of the selected mailbox, `\Recent` included. A message whose flags change meanwhile may come
 * twice: the later one is right.
 */
export async function* fetchFlags(
  c: ImapConnection,
  query: FlagsQuery,
  wait: Wait,
): AsyncGenerator<{ uid: number; flags: string[] }> {
  const ranged = 'range' in query;
  const wanted = ranged ? undefined : new Set(query.uids);
  const { from, to = Number.POSITIVE_INFINITY } = ranged ? query.range : { from: 1 };
  const since = ranged && hasModseq(c.capabilities) ? query.changedSince : undefined;
  const rows = fetchRows(
    c,
    {
      sets: ranged
        ? [`${from}:${query.range.to ?? '*'}`]
        : uidBatches(query.uids, MESSAGES_PER_COMMAND).map(({ set }) => set),
      items: `(UID FLAGS)${since === undefined ? '' : ` (CHANGEDSINCE ${since})`}`,
      complete: (row) => row.flags !== undefined,
    },
    wait,
  );
  for await (const { uid, flags = [] } of rows) {
    // `n:*` names the newest message even when its UID is below n; others change their flags meanwhile
    const meant = wanted === undefined ? uid >= from && uid <= to : wanted.has(uid);
    if (meant) yield { uid, flags: [...flags] };
  }
}
