import pMap from 'p-map';

/** Folders in work at the same time: enough to hide the round trips, few enough for the memory that each may take. */
const FOLDERS_AT_ONCE = 16;

/**
 * Does something for each folder, many at once, begun in order. Returns only when none is at work any more, also
 * after a failure: whoever holds a lease must not give it back while a folder's work still writes.
 *
 * @throws the first failure; nothing new is begun after it
 */
export async function eachAtOnce<Folder>(
  folders: readonly Folder[],
  work: (folder: Folder) => Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  await pMap(
    folders,
    async (folder) => {
      if (failure !== undefined) return;
      try {
        await work(folder);
      } catch (error) {
        failure ??= { error };
      }
    },
    { concurrency: FOLDERS_AT_ONCE },
  );
  if (failure !== undefined) throw failure.error;
}
