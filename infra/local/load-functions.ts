import { adoptEnvironment } from './adopt-environment.ts';
import type { PipelineHandlers } from './run-pipeline.ts';

/** What `functions/<name>/handler.ts` exports to make a handler: name of the folder and of the export. */
const MAKERS = {
  api: ['api', 'createApiHandler'],
  planPass: ['plan-pass', 'createPlanPassHandler'],
  syncChunk: ['sync-chunk', 'createSyncChunkHandler'],
  resyncTimer: ['resync-timer', 'createResyncTimerHandler'],
  deadLetters: ['dead-letters', 'createDeadLettersHandler'],
} as const satisfies Record<keyof PipelineHandlers, readonly [string, string]>;

/**
 * Makes the handlers of the pipeline's functions for an environment.
 * This process adopts it too (see `adoptEnvironment`), so one process works with one environment at a time.
 */
export async function loadFunctions(
  environment: Readonly<Record<string, string>>,
): Promise<PipelineHandlers> {
  adoptEnvironment(environment, process.env);
  const make = async <Name extends keyof PipelineHandlers>(name: Name): Promise<PipelineHandlers[Name]> => {
    const [folder, maker] = MAKERS[name];
    const module: unknown = await import(
      new URL(`../../functions/${folder}/handler.ts`, import.meta.url).href
    );
    return makerOf<PipelineHandlers[Name]>(module, maker)(environment);
  };
  return {
    api: await make('api'),
    planPass: await make('planPass'),
    syncChunk: await make('syncChunk'),
    resyncTimer: await make('resyncTimer'),
    deadLetters: await make('deadLetters'),
  };
}

type Maker<Handler> = (variables: Readonly<Record<string, string | undefined>>) => Handler;

function makerOf<Handler>(module: unknown, name: string): Maker<Handler> {
  const exported: unknown = Object.getOwnPropertyDescriptor(Object(module), name)?.value;
  if (typeof exported !== 'function') throw new TypeError(`A function's handler.ts exports no ${name}.`);
  // Loaded by name, so that a function's own dependencies are read only where functions run; its shape is that of the contract.
  return exported as Maker<Handler>;
}
