import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { systemEnvironment } from '../../test/support/system-environment.ts';
import { type ProcessUsage, readProcessTree } from './process-tree.ts';

/** A program to be run. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Exit codes that mean success, default 0 alone. */
  readonly goodExits?: readonly number[];
}

/** How a measured run ended. */
export type MeasuredRun =
  | {
      readonly kind: 'done';
      /** From the start of the process to its end. */
      readonly wallSeconds: number;
      /** ms since the epoch at which the process was started. */
      readonly startedAt: number;
      readonly usage: ProcessUsage;
      readonly stdout: string;
    }
  | { readonly kind: 'too-slow'; readonly limitSeconds: number }
  | { readonly kind: 'failed'; readonly how: string; readonly words: string };

/** A look costs a small part of a millisecond; short runs need more of them. */
const SAMPLE_MS = 5;
const LATER_SAMPLE_MS = 50;
const LATER_MS = 1000;
/** What a failed run printed last. */
const LAST_WORDS = 4000;
const KEPT_BYTES = 8 * 1024 * 1024;

/**
 * Runs a program to its end and measures it and its descendants; both are killed at the limit or when the signal comes.
 * @throws the reason of the signal
 */
export async function runMeasured(
  command: Command,
  limits: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<MeasuredRun> {
  const startedAt = Date.now();
  const began = performance.now();
  const child = spawn(command.file, command.args, {
    detached: true, // a process group of its own, so that all of it can be ended
    env: { ...systemEnvironment(), ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout = (printed.stdout + text).slice(-KEPT_BYTES);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr = (printed.stderr + text).slice(-LAST_WORDS);
  });
  const killGroup = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // gone already
    }
  };
  process.once('exit', killGroup);
  const usage = { cpuSeconds: 0, peakRssBytes: 0 };
  const look = (): void => {
    const now = child.pid === undefined ? undefined : readProcessTree(child.pid);
    usage.cpuSeconds = Math.max(usage.cpuSeconds, now?.cpuSeconds ?? 0);
    usage.peakRssBytes = Math.max(usage.peakRssBytes, now?.peakRssBytes ?? 0);
  };
  let sampler: NodeJS.Timeout | undefined;
  const keepLooking = (): void => {
    look();
    const pause = performance.now() - began < LATER_MS ? SAMPLE_MS : LATER_SAMPLE_MS;
    sampler = setTimeout(keepLooking, pause);
  };
  keepLooking();
  const timer = new AbortController();
  const limit = wait(limits.seconds * 1000, 'too-slow' as const, {
    signal: AbortSignal.any([timer.signal, limits.signal]),
  }).catch(() => 'stopped' as const);
  const exited = new Promise<{ wallSeconds: number; how: string | undefined }>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const good = code !== null && (command.goodExits ?? [0]).includes(code);
      resolve({
        wallSeconds: (performance.now() - began) / 1000,
        how: good ? undefined : `exit ${code ?? signal ?? '?'}`,
      });
    });
  });
  const closed = new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', resolve);
  });
  try {
    const outcome = await Promise.race([exited, limit]);
    if (outcome === 'too-slow') return { kind: 'too-slow', limitSeconds: limits.seconds };
    limits.signal.throwIfAborted();
    const { wallSeconds, how } = await exited;
    await closed;
    if (how === undefined) return { kind: 'done', wallSeconds, startedAt, usage, stdout: printed.stdout };
    return { kind: 'failed', how, words: `${printed.stdout.slice(-LAST_WORDS)}${printed.stderr}`.trim() };
  } finally {
    clearTimeout(sampler);
    timer.abort();
    process.off('exit', killGroup);
    killGroup();
    await closed;
  }
}
