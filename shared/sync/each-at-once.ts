/** Folders in work at the same time: enough to hide the round trips, few enough for the commands that wait at a server. */
const FOLDERS_AT_ONCE = 100;
/** Messages of the folders in work at the same time, for the memory that their UIDs take. */
const MESSAGES_AT_ONCE = 500_000;

/**
 * Does something for each folder, many at once, begun in order. Returns only when none is at work any more, also
 * after a failure: whoever holds a lease must not give it back while a folder's work still writes.
 *
 * @param folders read as there is room for them
 * @param messagesIn of a folder; one with more than may be in work together is in work alone
 * @throws the first failure, also that of reading them; nothing new is begun after it
 */
export async function eachAtOnce<Folder>(
  folders: Iterable<Folder> | AsyncIterable<Folder>,
  messagesIn: (folder: Folder) => number,
  work: (folder: Folder) => Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  let messages = 0;
  const inWork = new Set<Promise<void>>();
  const mustWait = (weight: number): boolean => {
    if (failure !== undefined || inWork.size === 0) return false;
    return inWork.size >= FOLDERS_AT_ONCE || messages + weight > MESSAGES_AT_ONCE;
  };
  const begin = async (folder: Folder, weight: number): Promise<void> => {
    try {
      await work(folder);
    } catch (error) {
      failure ??= { error };
    } finally {
      messages -= weight;
    }
  };
  try {
    for await (const folder of folders) {
      const weight = messagesIn(folder);
      while (mustWait(weight)) await Promise.race(inWork);
      if (failure !== undefined) break;
      messages += weight;
      const begun = begin(folder, weight).finally(() => inWork.delete(begun));
      inWork.add(begun);
    }
  } catch (error) {
    failure ??= { error };
  }
  await Promise.all(inWork);
  if (failure !== undefined) throw failure.error;
}
