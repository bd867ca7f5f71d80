import type { ChildProcess } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { endOfProcess } from './end-of-process.ts';
import { endProcessGroup } from './end-process-group.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';
import { greets } from './greets.ts';
import { watchProcessGroups } from './process-watchdog.ts';

const START_ATTEMPTS = 5;

export interface Launch {
  readonly name: string;
  /** Removed with everything in it when the server ends. */
  readonly folder: string;
  readonly logFile: string;
  /** Starts its processes, each of which leads a group of its own (`detached`) and may write on a piped stderr. */
  start(port: number, tlsPort: number): Promise<readonly ChildProcess[]>;
}

export interface RunningMailServer {
  readonly port: number;
  readonly tlsPort: number;
  /** Kills all of its processes and removes its folder. */
  stop(): Promise<void>;
}

/** The server did not start; the message holds the end of its log. */
class MailServerStartError extends Error {
  override readonly name = 'MailServerStartError';
}

/**
 * Starts a mail server on free ports, and others if another process takes them first. It is ready when this returns.
 * Its processes end with `stop()`, and also when the test process is killed.
 *
 * @throws MailServerStartError with the server's own words
 */
export async function launchMailServer(launch: Launch): Promise<RunningMailServer> {
  for (let attempt = 1; ; attempt += 1) {
    const [port = 0, tlsPort = 0] = await freePorts(2);
    const processes = await launch.start(port, tlsPort);
    let words = '';
    for (const { stderr } of processes) {
      stderr?.setEncoding('utf8').on('data', (text: string) => {
        words += text;
      });
    }
    const watchdog = watchProcessGroups(processes, launch.folder);
    const ready = eventually(`${launch.name} greets`, () => greets(port), { everyMs: 5 });
    const outcome = await Promise.race([
      ready.then(() => 'ready' as const),
      ...processes.map((child) => endOfProcess(child).then((error) => error ?? ('ended' as const))),
    ]).catch((error: unknown) => error);
    // killed, not asked: servers wait for their clients when they shut down, and the mail is thrown away anyway
    const endAll = async (): Promise<void> => {
      await Promise.all(processes.map(endProcessGroup));
    };
    const stop = async (): Promise<void> => {
      await endAll();
      await watchdog.removeFolder();
    };
    if (outcome === 'ready') return { port, tlsPort, stop };

    ready.catch(() => undefined);
    const log = `${words}${await readFile(launch.logFile, 'utf8').catch(() => '')}`;
    if (/address already in use/i.test(log) && attempt < START_ATTEMPTS) {
      await endAll();
      watchdog.keepFolder();
      await writeFile(launch.logFile, '');
      continue;
    }
    await stop();
    const message = `${launch.name} did not start: ${log.slice(-2000) || String(outcome)}`;
    throw new MailServerStartError(message, { cause: outcome });
  }
}
