import { adoptEnvironment } from './adopt-environment.ts';
import type { PipelineHandlers } from './run-pipeline.ts';

/**
 * Makes the handlers of the pipeline's functions for an environment.
 * This process adopts it too (see `adoptEnvironment`), so one process works with one environment at a time. The
 * functions are read only then: what they do at their start finds the environment, as in Lambda.
 */
export async function loadFunctions(
  environment: Readonly<Record<string, string>>,
): Promise<PipelineHandlers> {
  adoptEnvironment(environment, process.env);
  const [api, planPass, syncChunk, resyncTimer, deadLetters] = await Promise.all([
    import('../../functions/api/handler.ts'),
    import('../../functions/plan-pass/handler.ts'),
    import('../../functions/sync-chunk/handler.ts'),
    import('../../functions/resync-timer/handler.ts'),
    import('../../functions/dead-letters/handler.ts'),
  ]);
  return {
    api: api.createApiHandler(environment),
    planPass: planPass.createPlanPassHandler(environment),
    syncChunk: syncChunk.createSyncChunkHandler(environment),
    resyncTimer: resyncTimer.createResyncTimerHandler(environment),
    deadLetters: deadLetters.createDeadLettersHandler(environment),
  };
}
