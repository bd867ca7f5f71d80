import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, copyFile, link, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemEnvironment } from '../system-environment.ts';
import { enterRoot, serverUser } from './enter-root.ts';
import { serverTree, type ServerRecipe } from './server-tree.ts';

/** The private root of one server: its programs see nothing else of the machine, and find there the paths they know. */
export interface ServerRoot {
  /** Under which its processes run. */
  readonly uid: number;
  readonly gid: number;
  /** A path of the server as the test sees it. */
  path(inside: string): string;
  /** Makes a folder that the server may write into. */
  folder(inside: string): Promise<void>;
  write(inside: string, text: string): Promise<void>;
  /** Starts a program that leads a process group of its own. */
  spawn(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
  /** Runs a program to its end. */
  run(program: string, args: readonly string[], input: string): Promise<void>;
}

/**
 * Makes a root for a server in a folder: links to the files of its tree, and the few files of a system that it asks for.
 * As root, its programs run as nobody in a chroot; else as the user of the tests, in a user namespace.
 */
export async function makeServerRoot(recipe: ServerRecipe, folder: string): Promise<ServerRoot> {
  await linkTree(serverTree(recipe), folder);
  const { uid, gid } = serverUser();
  const path = (inside: string): string => join(folder, inside);
  const root: ServerRoot = {
    uid,
    gid,
    path,
    async folder(inside) {
      await mkdir(path(inside), { recursive: true });
      await chown(path(inside), uid, gid);
    },
    async write(inside, text) {
      await writeFile(path(inside), text);
      await chown(path(inside), uid, gid);
    },
    spawn(program, args, env = {}) {
      const [command, words] = enterRoot(folder, program, args);
      return spawn(command, words, {
        detached: true,
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { PATH: systemEnvironment().PATH, ...env },
      });
    },
    run(program, args, input) {
      const [command, words] = enterRoot(folder, program, args);
      return new Promise((resolve, reject) => {
        const options = { env: { PATH: systemEnvironment().PATH } };
        const child = execFile(command, words, options, (error, _stdout, stderr) => {
          if (error === null) resolve();
          else reject(new Error(`${program} failed: ${stderr}`, { cause: error }));
        });
        child.stdin?.end(input);
      });
    },
  };
  for (const inside of ['/tmp', '/run', '/dev', '/etc', '/home']) await root.folder(inside);
  // Devices cannot be made everywhere; nobody minds what is written to this one, nor reads much of the other.
  await root.write('/dev/null', '');
  await writeFile(path('/dev/urandom'), randomBytes(4096));
  await chmod(path('/dev/null'), 0o666);
  return root;
}

async function linkTree(tree: string, folder: string): Promise<void> {
  const entries = await readdir(tree, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isDirectory())) {
    await mkdir(join(folder, entry.parentPath.slice(tree.length), entry.name), { recursive: true });
  }
  await Promise.all(
    entries
      .filter((each) => each.isFile())
      .map(async ({ parentPath, name }) => {
        const target = join(folder, parentPath.slice(tree.length), name);
        await link(join(parentPath, name), target).catch(() => copyFile(join(parentPath, name), target));
      }),
  );
}
