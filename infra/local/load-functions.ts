import { adoptEnvironment } from './adopt-environment.ts';
import type { PipelineHandlers } from './run-pipeline.ts';

/**
 * Makes the handlers of the pipeline's functions for an environment.
 * This process adopts it too (see `adoptEnvironment`), so one process works with one environment at a time.
 */
export type MakeHandlers = (environment: Readonly<Record<string, string>>) => PipelineHandlers;

/**
 * Loads the functions, which takes longer than anything else at the start and needs no environment yet: as in Lambda
 * they look at it when their first event arrives.
 */
export async function loadFunctions(): Promise<MakeHandlers> {
  const [api, planPass, syncChunk, resyncTimer, deadLetters] = await Promise.all([
    import('../../functions/api/handler.ts'),
    import('../../functions/plan-pass/handler.ts'),
    import('../../functions/sync-chunk/handler.ts'),
    import('../../functions/resync-timer/handler.ts'),
    import('../../functions/dead-letters/handler.ts'),
  ]);
  return (environment) => {
    adoptEnvironment(environment, process.env);
    return {
      api: api.createApiHandler(environment),
      planPass: planPass.createPlanPassHandler(environment),
      syncChunk: syncChunk.createSyncChunkHandler(environment),
      resyncTimer: resyncTimer.createResyncTimerHandler(environment),
      deadLetters: deadLetters.createDeadLettersHandler(environment),
    };
  };
}
