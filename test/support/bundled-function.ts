import { type ChildProcess, fork } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** A function's bundle in a process and a folder of its own, as Lambda runs it: nothing of the repository is near. */
export interface BundledFunction extends AsyncDisposable {
  /** From the start of the import to its end (ms). */
  readonly coldImportMs: number;
  /** @returns what the handler returns; rejects with what it throws */
  invoke(event: unknown): Promise<unknown>;
}

/**
 * What the process runs; it is given the time of an invocation (ms). Like Lambda from Node 24 on, it takes no handler that
 * could be called with a callback (Runtime.CallbackHandlerDeprecated).
 */
const RUNTIME = `
const began = performance.now();
const { handler } = await import('./index.mjs');
if (handler.length > 2) throw new TypeError('The handler asks for a callback.');
process.send({ kind: 'ready', coldImportMs: performance.now() - began });
process.on('message', async ({ id, event, timeoutMs }) => {
  const until = performance.now() + timeoutMs;
  const context = { awsRequestId: id, functionName: 'bundle', getRemainingTimeInMillis: () => until - performance.now() };
  try {
    process.send({ kind: 'answer', id, value: (await handler(event, context)) ?? null });
  } catch (error) {
    process.send({ kind: 'failure', id, message: String(error?.stack ?? error) });
  }
});
`;

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), coldImportMs: z.number() }),
  z.object({ kind: z.literal('answer'), id: z.string(), value: z.unknown() }),
  z.object({ kind: z.literal('failure'), id: z.string(), message: z.string() }),
]);

/**
 * Starts a bundle under this Node.
 * @param options.environment all that the function sees of the world
 */
export async function startBundledFunction(
  assetFolder: string,
  options: { readonly environment: Readonly<Record<string, string>>; readonly timeoutSeconds: number },
): Promise<BundledFunction> {
  const folder = await mkdtemp(join(tmpdir(), 'mailhaul-bundle-'));
  await cp(assetFolder, folder, { recursive: true });
  await writeFile(join(folder, 'runtime.mjs'), RUNTIME);
  const child = fork(join(folder, 'runtime.mjs'), [], {
    cwd: folder,
    env: { ...options.environment },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
  const waiting = new Map<string, PromiseWithResolvers<unknown>>();
  const ready = Promise.withResolvers<number>();
  child.on('message', (raw) => {
    const message = messageSchema.parse(raw);
    if (message.kind === 'ready') return ready.resolve(message.coldImportMs);
    const caller = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'answer') caller?.resolve(message.value);
    else caller?.reject(new Error(message.message));
  });
  child.on('exit', (code) => {
    // a minified line in a trace can be long
    const gone = new Error(`The bundle ended with ${String(code)}: ${errors.slice(-2000)}`);
    ready.reject(gone);
    for (const caller of waiting.values()) caller.reject(gone);
  });
  const coldImportMs = await ready.promise;
  let invocations = 0;
  return {
    coldImportMs,
    invoke(event) {
      invocations += 1;
      const id = String(invocations);
      const caller = Promise.withResolvers<unknown>();
      waiting.set(id, caller);
      child.send({ id, event, timeoutMs: options.timeoutSeconds * 1000 });
      return caller.promise;
    },
    async [Symbol.asyncDispose]() {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = Promise.withResolvers<void>();
  child.once('exit', () => exit.resolve());
  child.kill('SIGKILL');
  await exit.promise;
}
