import { access, constants, mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BenchSetupError } from './errors.ts';

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 6e9;

/**
 * Where servers and tools keep their files: in memory if there is room, for a slow disk would hide what is measured.
 * The servers make their folders where TMPDIR says, so this process and its children are told by that.
 */
export async function chooseScratch(
  given: string | undefined,
  environment: Record<string, string | undefined>,
): Promise<string> {
  const scratch = given ?? ((await hasRoom(MEMORY)) ? MEMORY : tmpdir());
  try {
    await mkdir(scratch, { recursive: true });
    await access(scratch, constants.W_OK);
  } catch (cause) {
    throw new BenchSetupError(`The folder ${scratch} cannot be written to. Give another one to --scratch.`, {
      cause,
    });
  }
  environment['TMPDIR'] = scratch;
  return scratch;
}

async function hasRoom(folder: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return false;
  }
}

/** A folder for the tools' states, removed in the end unless it is to be kept. */
export async function makeWorkspace(
  scratch: string,
  keep: boolean,
): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(scratch, 'mailhaul-bench-'));
  return {
    path,
    async [Symbol.asyncDispose]() {
      if (!keep) await rm(path, { recursive: true, force: true });
    },
  };
}
