import pMap from 'p-map';

/** Folders in work at the same time: enough to hide the round trips, few enough for the memory that each may take. */
const FOLDERS_AT_ONCE = 16;

/**
 * Does something for each folder, many at once, begun in order. Returns only when none is at work any more, also
 * after a failure: whoever holds a lease must not give it back while a folder's work still writes.
 *
 * @param folders read as there is room for them
 * @throws the first failure, also that of reading them; nothing new is begun after it
 */
export async function eachAtOnce<Folder>(
  folders: Iterable<Folder> | AsyncIterable<Folder>,
  work: (folder: Folder) => Promise<void>,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const read = async function* (): AsyncGenerator<Folder> {
    try {
      for await (const folder of folders) {
        if (failure !== undefined) return;
        yield folder;
      }
    } catch (error) {
      failure ??= { error };
    }
  };
  await pMap(
    read(),
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
