/**
 * To be called once in a test file. What is handed to the function returned is disposed of after the test that opened
 * it, whether it passed or not.
 * @example
 * const held = disposeAfterEach();
 * test('…', async () => {
 *   const server = await held(scriptedServer(script));
 * });
 */
export function disposeAfterEach(): <R extends AsyncDisposable>(opening: Promise<R>) => Promise<R> {
  const resources: AsyncDisposable[] = [];
  afterEach(async () => {
    for (const resource of resources.splice(0).toReversed()) await resource[Symbol.asyncDispose]();
  });
  return async (opening) => {
    const resource = await opening;
    resources.push(resource);
    return resource;
  };
}
