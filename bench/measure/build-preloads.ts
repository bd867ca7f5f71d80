import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What is loaded into our own processes before anything else. */
export interface Preloads {
  readonly measuring: string;
  readonly counting: string;
}

/**
 * Makes plain JavaScript of it: loading the sources takes a quarter of a second, the stripping of their types most of
 * all, which would count as the program's own.
 */
export async function buildPreloads(folder: string): Promise<Preloads> {
  const entry = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  await build({
    entryPoints: { measuring: entry('preload.ts'), counting: entry('count-in-threads.ts') },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  return { measuring: join(folder, 'measuring.mjs'), counting: join(folder, 'counting.mjs') };
}
