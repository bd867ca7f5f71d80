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
 * by SIGKILL), it ends the leaders' process groups; it removes the folder, too.
 */
export function watchProcessGroups(leaders: readonly ChildProcess[], folder: string): ProcessWatchdog {
  const script =
    'folder=$1; shift; end() { for each; do kill "-$signal" "-$each"; done; }; read -r word; [ "$word" = keep ] && exit 0; [ "$word" = stopped ] || { signal=TERM; end "$@"; sleep 1; signal=KILL; end "$@"; }; rm -rf "$folder" || { sleep 1; rm -rf "$folder"; }';
  const pids = leaders.flatMap(({ pid }) => (pid === undefined ? [] : [String(pid)]));
  const watchdog = spawn('sh', ['-c', script, 'watchdog', folder, ...pids], {
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
