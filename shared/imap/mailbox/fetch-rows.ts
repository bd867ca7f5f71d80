import { Backlog } from '../wire/backlog.ts';
import type { FetchRow } from '../wire/fetch-row.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { ResponseHandler } from '../wire/response.ts';
import { toError } from '../wire/to-error.ts';
import type { Wait } from '../wire/wait.ts';

const COMMANDS_IN_FLIGHT = 2;
/** What a row weighs in the backlog beside its header, in bytes. */
const ROW_BYTES = 256;

export type RowWithUid = FetchRow & { readonly uid: number };

export interface FetchRowsQuery {
  /** One command for each. */
  readonly sets: Iterable<string>;
  /** What to fetch, with modifiers: `(UID FLAGS) (CHANGEDSINCE 9)`. */
  readonly items: string;
  /** True when a row holds all that the caller needs: parts that come in several responses are joined before. */
  readonly complete: (row: RowWithUid) => boolean;
}

/**
 * Rows of UID FETCH commands without bodies, as they come, the next command sent before the last one ends. Rows
 * that stay incomplete are left out. A slow caller stops the socket from being read.
 */
export async function* fetchRows(
  c: ImapConnection,
  query: FetchRowsQuery,
  wait: Wait,
): AsyncGenerator<RowWithUid> {
  const rows = new Backlog<RowWithUid>(c);
  const parts = new Map<number, RowWithUid>();
  const sets = Iterator.from(query.sets);
  let wanted = true;
  let inFlight = 0;

  const take = (row: FetchRow): boolean => {
    if (row.uid === undefined) return false;
    const joined: RowWithUid = { ...parts.get(row.uid), ...row, uid: row.uid };
    if (query.complete(joined)) {
      parts.delete(row.uid);
      rows.push(joined, ROW_BYTES + (joined.header?.length ?? 0));
    } else {
      parts.set(row.uid, joined);
    }
    return true;
  };
  const handler: ResponseHandler = { untagged: (r) => r.kind === 'fetch' && take(r.row) };
  const run = async (set: string): Promise<void> => {
    inFlight += 1;
    try {
      await c.run(`UID FETCH ${set} ${query.items}`, wait, handler);
      inFlight -= 1;
      if (inFlight === 0) parts.clear();
      pump();
    } catch (error) {
      wanted = false;
      rows.fail(toError(error));
    }
  };
  const nextSet = (): string | undefined => {
    if (!wanted || inFlight >= COMMANDS_IN_FLIGHT) return undefined;
    const next = sets.next();
    return next.done === true ? undefined : next.value;
  };
  const pump = (): void => {
    for (let set = nextSet(); set !== undefined; set = nextSet()) void run(set);
    if (inFlight === 0) rows.finish();
  };
  pump();
  try {
    for (let row = await rows.take(); row !== undefined; row = await rows.take()) yield row;
  } finally {
    wanted = false;
    rows.discard();
  }
}
