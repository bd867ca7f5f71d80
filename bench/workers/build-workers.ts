import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { FUNCTIONS } from '../../infra/resources.ts';
import { synthesiseCloud } from '../../test/support/synthesised-cloud.ts';
import { withResource } from '../../test/support/with-resource.ts';
import type { WorkerPrograms } from './workers-task.ts';

const PROCESS = fileURLToPath(new URL('worker-process.ts', import.meta.url));

/** Makes what the workers' processes run: the functions' bundles as they are deployed, which takes some ten seconds. */
export async function buildWorkers(folder: string): Promise<WorkerPrograms> {
  await mkdir(folder, { recursive: true });
  const runtime = join(folder, 'worker-process.mjs');
  await build({
    entryPoints: [PROCESS],
    outfile: runtime,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  return withResource(synthesiseCloud({}, { bundled: true }), async (cloud) => {
    const bundleOf = async (name: 'planPass' | 'syncChunk'): Promise<string> => {
      const asset = cloud.assetFolder(
        cloud.resource('AWS::Lambda::Function', `/Pipeline/${name}/Function/Resource`),
      );
      const own = join(folder, FUNCTIONS[name].name);
      await cp(asset, own, { recursive: true });
      return join(own, 'index.mjs');
    };
    return {
      runtime,
      functions: { 'plan-pass': await bundleOf('planPass'), 'sync-chunk': await bundleOf('syncChunk') },
    };
  });
}
