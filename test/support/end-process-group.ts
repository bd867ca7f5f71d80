import type { ChildProcess } from 'node:child_process';
import { endOfProcess } from './end-of-process.ts';

/** Kills a process that leads a group of its own (`detached`), and all of the group. Harmless if it is gone. */
export async function endProcessGroup(leader: ChildProcess): Promise<void> {
  if (leader.pid === undefined) return;
  const ended = endOfProcess(leader);
  try {
    process.kill(-leader.pid, 'SIGKILL');
  } catch {
    // gone already
  }
  await ended;
}
