import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withResource } from './with-resource.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/mailhaul.js', import.meta.url));

/** How a run of the command line ended. */
export interface MailhaulResult {
  /** null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Message counts of a report. */
interface ReportedCounts {
  readonly copied: number;
  readonly adopted: number;
  readonly skipped: number;
  /** Of the skipped ones. */
  readonly underOtherLabel: number;
  readonly failed: number;
  readonly flagsChanged?: number;
}

/** One mailbox in what `--json` prints. */
export interface ReportedMailbox {
  readonly destination: string;
  readonly source: string;
  readonly status: string;
  readonly reason?: {
    readonly code: string;
    readonly summary: string;
    readonly remedy: string;
    readonly detail?: string;
  };
  readonly folders: number;
  /** Since the first run. */
  readonly messages: ReportedCounts & { readonly listed: number };
  readonly bytes: number;
  readonly seconds: number;
  /** Of this run alone. */
  readonly thisRun: ReportedCounts;
  readonly skippedItems: readonly unknown[];
}

export interface MailhaulOptions {
  /** Beside the environment of the tests; undefined removes a variable. */
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  /** After so long {@link runMailhaul} kills the command (ms), so that what it printed till then can be read. */
  deadlineMs?: number;
}

const DEADLINE_MS = 120_000;

/** A running `mailhaul` command. */
export interface MailhaulProcess extends AsyncDisposable {
  readonly pid: number | undefined;
  /** Settles when the process has ended and everything it printed has been read. */
  readonly ended: Promise<MailhaulResult>;
  /** What it printed so far. */
  output(): { readonly stdout: string; readonly stderr: string };
  kill(signal: NodeJS.Signals): void;
}

/** Starts `node cli/mailhaul.js …`; use it by `withResource` so that a failed test leaves no process behind. */
export function startMailhaul(args: readonly string[], options: MailhaulOptions = {}): MailhaulProcess {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (printed.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (printed.stderr += text));
  const ended = endOf(child).then(({ exitCode, signal }) => ({ exitCode, signal, ...printed }));
  ended.catch(() => undefined); // whoever awaits it learns of the failure
  const killWithTests = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithTests);
  child.once('close', () => process.off('exit', killWithTests));
  return {
    pid: child.pid,
    ended,
    output: () => ({ ...printed }),
    kill: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs a command to its end; a command that hangs ends by SIGKILL. */
export async function runMailhaul(
  args: readonly string[],
  options: MailhaulOptions = {},
): Promise<MailhaulResult> {
  return await withResource(startMailhaul(args, options), async (running) => {
    const deadline = setTimeout(() => running.kill('SIGKILL'), options.deadlineMs ?? DEADLINE_MS);
    return await running.ended.finally(() => clearTimeout(deadline));
  });
}

/**
 * The mailboxes of a run with `--json`.
 * @throws TypeError with all that the command printed, when standard output is not one JSON document
 */
export function reportedMailboxes(result: MailhaulResult): readonly ReportedMailbox[] {
  try {
    const report = JSON.parse(result.stdout) as { mailboxes: readonly ReportedMailbox[] }; // the shape is what the tests assert
    if (Array.isArray(report.mailboxes)) return report.mailboxes;
  } catch {
    // told below, with what was printed
  }
  throw new TypeError(`No report. ${describeResult(result)}`);
}

/** The only mailbox of a run with `--json`. */
export function reportedMailbox(result: MailhaulResult): ReportedMailbox {
  const [mailbox, ...others] = reportedMailboxes(result);
  if (mailbox === undefined || others.length > 0)
    throw new TypeError(`Not one mailbox. ${describeResult(result)}`);
  return mailbox;
}

/** All that is known of a run, for a failing expectation. */
export function describeResult({ exitCode, signal, stdout, stderr }: MailhaulResult): string {
  return `Exit ${exitCode ?? signal ?? '?'}\n--- stdout\n${stdout.slice(-4000)}\n--- stderr\n${stderr.slice(-8000)}`;
}

function endOf(child: ChildProcess): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
}
