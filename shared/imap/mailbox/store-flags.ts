import { CommandRefusedError } from '../errors.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import { isFlagAtom } from '../wire/flag-atom.ts';
import { uidBatches } from '../wire/uid-batches.ts';
import type { Wait } from '../wire/wait.ts';

export interface FlagChange {
  readonly uids: readonly number[];
  /** The flags that the messages are to have from now on, and no others. */
  readonly flags: readonly string[];
}

/** What could not be written for a message. */
export interface FlagRefusal {
  /** Flags that the server does not take for it. */
  readonly dropped: readonly string[];
  /** True when the message has exactly the other flags now; false when the server refused even those. */
  readonly written: boolean;
  /** What the server said; undefined when a flag could not even be sent. */
  readonly error?: CommandRefusedError;
}

const IN_FLIGHT = 64;
const MESSAGES_PER_COMMAND = 1000;

/**
 * Replaces the flags of messages of the selected mailbox, many in one round trip. A flag that the server refuses
 * is left out and the rest is written. Messages that are gone are passed over.
 *
 * @returns the messages that did not get all of their flags
 * @throws ThrottledError, and what ended the connection
 */
export async function storeFlags(
  c: ImapConnection,
  changes: readonly FlagChange[],
  wait: Wait,
): Promise<Map<number, FlagRefusal>> {
  const refusals = new Map<number, FlagRefusal>();
  const jobs = changes.flatMap(({ uids, flags }) =>
    Array.from(uidBatches(ascending(uids), MESSAGES_PER_COMMAND), (batch) => ({ ...batch, flags })),
  );
  for (let from = 0; from < jobs.length; from += IN_FLIGHT) {
    await Promise.all(
      jobs.slice(from, from + IN_FLIGHT).map(async ({ uids, set, flags }) => {
        const refusal = await replaceFlags(c, set, flags, wait);
        if (refusal !== undefined) for (const uid of uids) refusals.set(uid, refusal);
      }),
    );
  }
  return refusals;
}

async function replaceFlags(
  c: ImapConnection,
  set: string,
  wanted: readonly string[],
  wait: Wait,
): Promise<FlagRefusal | undefined> {
  const flags = wanted.filter((flag) => isFlagAtom(flag) && !/^\\recent$/i.test(flag));
  const unsendable = wanted.filter((flag) => !isFlagAtom(flag));
  const error = await store(c, set, 'FLAGS.SILENT', flags, wait);
  if (error === undefined)
    return unsendable.length === 0 ? undefined : { dropped: unsendable, written: true };
  // adding one by one tells which flags are refused, and at no moment takes one away
  const refused: string[] = [];
  await Promise.all(
    flags.map(async (flag) => {
      if ((await store(c, set, '+FLAGS.SILENT', [flag], wait)) !== undefined) refused.push(flag);
    }),
  );
  const accepted = flags.filter((flag) => !refused.includes(flag));
  const again = await store(c, set, 'FLAGS.SILENT', accepted, wait);
  return { dropped: [...unsendable, ...refused], written: again === undefined, error };
}

async function store(
  c: ImapConnection,
  set: string,
  item: string,
  flags: readonly string[],
  wait: Wait,
): Promise<CommandRefusedError | undefined> {
  try {
    await c.run(`UID STORE ${set} ${item} (${flags.join(' ')})`, wait);
    return undefined;
  } catch (error) {
    if (error instanceof CommandRefusedError) return error;
    throw error;
  }
}

function ascending(uids: readonly number[]): number[] {
  return [...new Set(uids)].toSorted((a, b) => a - b);
}
