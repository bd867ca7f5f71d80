import { spawn, type ChildProcess } from 'node:child_process';
import { endOfProcess } from './end-of-process.ts';

/** Outlives the test process, and clears away what that leaves behind when it is killed. */
export interface ProcessWatchdog {
  /** The group has ended and its folder is still needed: does nothing any more. */
  keepFolder(): void;
  /** The group has ended: removes the folder, and resolves when it is gone. */
  removeFolder(): Promise<void>;
}

/**
 * A small process that outlives this one: when its input ends without a word (the test process is gone, even
 * by SIGKILL), it ends the leader's process group; it removes the folder, too.
 */
export function watchProcessGroup(leader: ChildProcess, folder: string): ProcessWatchdog {
  const script =
    'read -r word; [ "$word" = keep ] && exit 0; [ "$word" = stopped ] || { kill -TERM "-$1"; sleep 1; kill -KILL "-$1"; }; rm -rf "$2" || { sleep 1; rm -rf "$2"; }';
  const watchdog = spawn('sh', ['-c', script, 'watchdog', String(leader.pid ?? 0), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.stdin.on('error', () => undefined);
  return {
    keepFolder: () => void watchdog.stdin.end('keep\n'),
    async removeFolder() {
      const gone = endOfProcess(watchdog);
      watchdog.stdin.end('stopped\n');
      await gone;
    },
  };
}
