import { readFileSync } from 'node:fs';

/** What a process and its descendants have used so far. */
export interface ProcessUsage {
  /** User and system time, children that have ended included. */
  readonly cpuSeconds: number;
  /** The largest resident sets of the processes that are alive, added up. */
  readonly peakRssBytes: number;
}

/** Linux tells processor times to programs in hundredths of a second on every architecture (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Reads /proc, where a process can be watched whatever it is; undefined when it has ended. */
export function readProcessTree(pid: number): ProcessUsage | undefined {
  const root = readProcess(pid);
  if (root === undefined) return undefined;
  const usages = [root, ...childrenOf(pid).map(readProcessTree)];
  return usages.reduce<ProcessUsage>(
    (sum, usage) => ({
      cpuSeconds: sum.cpuSeconds + (usage?.cpuSeconds ?? 0),
      peakRssBytes: sum.peakRssBytes + (usage?.peakRssBytes ?? 0),
    }),
    { cpuSeconds: 0, peakRssBytes: 0 },
  );
}

function readProcess(pid: number): ProcessUsage | undefined {
  try {
    return parseProcess(
      readFileSync(`/proc/${pid}/stat`, 'latin1'),
      readFileSync(`/proc/${pid}/status`, 'latin1'),
    );
  } catch {
    return undefined; // it ended between two looks
  }
}

/** @param stat the text of /proc/PID/stat; @param status that of /proc/PID/status */
export function parseProcess(stat: string, status: string): ProcessUsage {
  // the name stands in parentheses and may hold anything; the fields after it begin with the third (proc(5))
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? '0'; // a process that is about to end has none
  return { cpuSeconds: ticks / TICKS_PER_SECOND, peakRssBytes: Number(kilobytes) * 1024 };
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
