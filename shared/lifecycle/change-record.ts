import { StaleWriteError } from '../state/errors.ts';

const TRIES = 10;

/**
 * Reads, changes and writes back a record that is guarded by its version, again until nobody interfered.
 *
 * @param change may run several times and must have no effects; undefined means "leave it as it is"
 * @param known as somebody has just read it: not read again where it can be written as it is
 * @returns the record as it is now; undefined when there is none
 * @throws StaleWriteError when others interfere each time
 */
export async function changeRecord<Stored extends object>(
  read: () => Promise<Stored | undefined>,
  write: (record: Stored) => Promise<Stored>,
  change: (record: Stored) => Stored | undefined,
  known?: Stored,
): Promise<Stored | undefined> {
  let current = known !== undefined && change(known) !== undefined ? known : await read();
  for (let tried = 1; ; tried += 1) {
    if (current === undefined) return undefined;
    const wanted = change(current);
    if (wanted === undefined) return current;
    try {
      return await write(wanted);
    } catch (error) {
      if (!(error instanceof StaleWriteError) || tried >= TRIES) throw error;
    }
    current = await read();
  }
}
