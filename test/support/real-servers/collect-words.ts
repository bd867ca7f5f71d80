import type { ChildProcess } from 'node:child_process';
import { appendFile } from 'node:fs/promises';

/** Writes what a process says on stderr to the log file of its server. */
export function collectWords(child: ChildProcess, logFile: string): void {
  child.stderr?.on('data', (words: Buffer | string) => {
    appendFile(logFile, words).catch(() => undefined); // the folder is gone with the server
  });
}
