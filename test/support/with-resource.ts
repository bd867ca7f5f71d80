/**
 * Opens something, uses it, and disposes of it whatever happens. (Explicit resource management
 * would say the same, but the checker of import directions cannot read it yet.)
 */
export async function withResource<R extends AsyncDisposable, T>(
  opening: R | Promise<R>,
  use: (resource: R) => Promise<T>,
): Promise<T> {
  const resource = await opening;
  try {
    return await use(resource);
  } finally {
    await resource[Symbol.asyncDispose]();
  }
}
