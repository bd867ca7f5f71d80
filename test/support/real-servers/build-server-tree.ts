import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { systemEnvironment } from '../system-environment.ts';
import { serverTree, treesFolder, type ServerRecipe } from './server-tree.ts';

/** The packages could not be had; the message holds the words of the program that failed. */
class ServerTreeError extends Error {
  override readonly name = 'ServerTreeError';
}

/**
 * Fetches a server's packages with apt-get, unpacks them, and gathers its programs with every library that they use
 * into one folder that can be the root of a process. Changes nothing of the system.
 *
 * @throws ServerTreeError
 */
export function buildServerTree(recipe: ServerRecipe): void {
  mkdirSync(treesFolder(), { recursive: true, mode: 0o755 });
  const scratch = mkdtempSync(join(treesFolder(), 'building-'));
  try {
    const archives = join(scratch, 'archives');
    const unpacked = join(scratch, 'unpacked');
    const tree = join(scratch, 'tree');
    mkdirSync(archives);
    mkdirSync(unpacked);
    run('apt-get', ['-q', ...AS_OURSELVES, 'download', ...packagesFor(recipe)], { cwd: archives });
    for (const archive of readdirSync(archives)) run('dpkg-deb', ['-x', join(archives, archive), unpacked]);
    gather(recipe, unpacked, tree);
    putInPlace(tree, recipe);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Whole or not at all; another run of the tests may have been quicker. */
function putInPlace(tree: string, recipe: ServerRecipe): void {
  try {
    renameSync(tree, serverTree(recipe));
  } catch (error) {
    if (!hasServerTree(recipe)) throw error;
  }
}

export function hasServerTree(recipe: ServerRecipe): boolean {
  return existsSync(serverTree(recipe));
}

/** apt-get would become a user who may not write into our folder. */
const AS_OURSELVES = ['-o', 'APT::Sandbox::User=root'];

/** The server's packages, and those of libraries that an installation of them would bring along. */
function packagesFor({ packages }: ServerRecipe): string[] {
  const plan = run('apt-get', ['install', '--simulate', '--no-install-recommends', ...packages]);
  const libraries = [...plan.matchAll(/^Inst (lib\S+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => !name.endsWith('-dev'));
  return [...new Set([...packages, ...libraries])];
}

function gather({ programs, plugins, systemFolders }: ServerRecipe, unpacked: string, tree: string): void {
  const places = libraryFolders(unpacked);
  const triplet = readdirSync(join(unpacked, 'usr/lib')).find((name) => /-linux-/.test(name)) ?? '';
  const loaded = plugins.flatMap((folder) => {
    const path = folder.replace('{triplet}', triplet);
    return readdirSync(join(unpacked, path))
      .filter((name) => /\.so(\.\d+)?$/.test(name))
      .map((name) => `${path}/${name}`);
  });
  const needed = new Map<string, string>();
  for (const path of [...programs, ...loaded]) {
    const file = join(unpacked, path);
    if (!existsSync(file)) throw new ServerTreeError(`The packages have no ${path}.`);
    needed.set(path, file);
    for (const library of librariesOf(file, places)) {
      needed.set(library.startsWith(unpacked) ? library.slice(unpacked.length) : library, library);
    }
  }
  for (const folder of systemFolders) {
    const path = folder.replace('{triplet}', triplet);
    for (const name of readdirSync(path)) {
      if (statSync(`${path}/${name}`).isFile()) needed.set(`${path}/${name}`, `${path}/${name}`);
    }
  }
  for (const [path, file] of needed) {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    copyFileSync(file, join(tree, path));
  }
}

function libraryFolders(unpacked: string): string[] {
  const folders = readdirSync(unpacked, { recursive: true, withFileTypes: true })
    .filter(({ name }) => /\.so(\.\d+)*$/.test(name))
    .map(({ parentPath }) => parentPath);
  return [...new Set(folders)];
}

function librariesOf(file: string, places: readonly string[]): string[] {
  const printed = run('ldd', [file], { libraries: places.join(':') });
  if (printed.includes('not found'))
    throw new ServerTreeError(`Libraries of ${file} are missing:\n${printed}`);
  return [...printed.matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path);
}

function run(
  program: string,
  args: readonly string[],
  at: { cwd?: string; libraries?: string } = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    env: {
      ...systemEnvironment(),
      LC_ALL: 'C',
      ...(at.libraries !== undefined && { LD_LIBRARY_PATH: at.libraries }),
    },
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
    ...(at.cwd !== undefined && { cwd: at.cwd }),
  });
  if (status === 0) return stdout;
  throw new ServerTreeError(`${program} ${args.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`, {
    cause: error,
  });
}
