import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { BUNDLE_NOTE, stampOf } from '../../cli/bundle/fresh-bundle.js';
import manifest from '../../package.json' with { type: 'json' };
import { REQUIRE_BANNER } from './require-banner.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, dirname(BUNDLE_NOTE));
const PREFIX = 'bundle-';

/** Packages that look for files beside their own: a native module, a certificate. */
const LEFT_OUTSIDE = ['classic-level', 'hoodiecrow-imap'];

/** What decides how a bundle comes out, beside the sources that are in it. */
const MADE_BY = [
  'infra/bundling/bundle-command-line.ts',
  'infra/bundling/require-banner.ts',
  'package.json',
  'package-lock.json',
  'node_modules/.package-lock.json',
  'tsconfig.json',
];

/** The new one, the one that processes may still run from, and one that somebody else is making. */
const KEPT_BUNDLES = 3;

/** The modules that `package.json` gives names, because something else than an import asks for their place. */
const NAMED_MODULES = Object.entries(manifest.imports).map(([name, path]) => ({
  name,
  path,
  output: name.slice('#'.length),
}));

/** The stamps of files, by their paths from the folder of package.json. */
type Stamps = Map<string, string>;

/**
 * Bundles the command line, and the thread that it starts, into a new folder of `dist/`. The bundle is in use from the
 * moment that `dist/bundle.json` names it; what fails before has changed nothing.
 * @returns the bundle's path from the folder of package.json
 */
export async function bundleCommandLine(): Promise<string> {
  const folder = join(DIST, `${PREFIX}${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  try {
    const stamps: Stamps = new Map();
    for (const path of MADE_BY) stamp(stamps, join(ROOT, path));
    await bundleInto(folder, stamps);
    for (const file of await readdir(folder)) {
      // a stack without its map is no fault
      if (!file.endsWith('.map')) stamp(stamps, join(folder, file));
    }
    const note = { entry: fromRoot(join(folder, 'mailhaul.js')), files: Object.fromEntries(stamps) };
    const unpublished = join(folder, basename(BUNDLE_NOTE));
    await writeFile(unpublished, JSON.stringify(note));
    await rename(unpublished, join(ROOT, BUNDLE_NOTE));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  await removeBundlesBut(folder);
  return fromRoot(folder);
}

async function bundleInto(folder: string, stamps: Stamps): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: {
      mailhaul: 'cli/mailhaul.ts',
      ...Object.fromEntries(NAMED_MODULES.map(({ output, path }) => [output, path])),
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external: LEFT_OUTSIDE,
    banner: { js: REQUIRE_BANNER },
    // errors are named by their classes
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'silent',
    plugins: [stampSources(stamps)],
  });
  const imports = Object.fromEntries(NAMED_MODULES.map(({ name, output }) => [name, `./${output}.js`]));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: manifest.type, imports }));
}

/** Before they are read: a source that changes while the bundle is made has another stamp from then on. */
function stampSources(stamps: Stamps): Plugin {
  return {
    name: 'stamp-sources',
    setup(bundling) {
      bundling.onLoad({ filter: /./ }, ({ path }) => {
        if (!path.split(sep).includes('node_modules')) stamp(stamps, path);
        return undefined;
      });
    },
  };
}

function stamp(stamps: Stamps, file: string): void {
  stamps.set(fromRoot(file), stampOf(file));
}

function fromRoot(path: string): string {
  return relative(ROOT, path).split(sep).join('/');
}

async function removeBundlesBut(folder: string): Promise<void> {
  const found = (await readdir(DIST))
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(DIST, name));
  const others = found.filter((path) => path !== folder);
  const ages = await Promise.all(others.map(async (path) => ({ path, madeMs: (await stat(path)).mtimeMs })));
  const old = ages.sort((a, b) => b.madeMs - a.madeMs).slice(KEPT_BUNDLES - 1);
  await Promise.all(old.map(({ path }) => rm(path, { recursive: true, force: true })));
}
