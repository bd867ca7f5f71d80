import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StateFolderBusyError } from './errors.ts';

/** Held for as long as a process works in a state folder. */
export interface StateFolderLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Makes the folder (mode 0700) and locks it for this process.
 * The lock is SQLite's on a file without content: the operating system frees it with the process, SIGKILL included,
 * on Linux, macOS and Windows alike. (Node has no file lock of its own; a file with a process id outlives its process.)
 * @throws StateFolderBusyError when the lock is held
 */
export function lockStateFolder(stateDir: string): StateFolderLock {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(stateDir, 'lock.sqlite'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new StateFolderBusyError(stateDir, error);
    throw error;
  }
  return { release: () => database.close() };
}

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
