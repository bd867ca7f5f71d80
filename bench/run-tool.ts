import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MailboxSnapshot } from '../test/support/mailbox-snapshot.ts';
import { BenchSetupError, OwnRunFailedError } from './errors.ts';
import { fillQuickly } from './mail/fill-quickly.ts';
import type { MailServers } from './mail/mail-servers.ts';
import { type Verdict, verifyCopy } from './mail/verify-copy.ts';
import { readOwnMeasurements } from './measure/own-measurements.ts';
import { type MeasuredRun, runMeasured } from './measure/run-measured.ts';
import type { Network } from './network/open-network.ts';
import type { OwnPhases, SampleResult } from './report/sample.ts';
import type { BenchTool, Pass } from './tools/bench-tool.ts';
import { measurementsFile } from './tools/measurements-file.ts';
import type { PreparedMailbox } from './prepared-mailbox.ts';

export interface ToolRun {
  readonly tool: BenchTool;
  readonly mailbox: PreparedMailbox;
  readonly servers: MailServers;
  readonly network: Network;
  /** Distinguishes this run from all others. */
  readonly id: string;
  readonly workspace: string;
  readonly lanes: number | undefined;
  readonly profileFolder: string | undefined;
  readonly limitSeconds: number;
  readonly verify: boolean;
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly onPass: (pass: Pass, result: SampleResult) => void;
}

/** Ours is cut off only when it hangs: it has no excuse for being slow. */
const OWN_PATIENCE = 4;

/**
 * All passes of one tool over a copy of the mailbox that nobody has read, into a mailbox that nobody has written to;
 * a pass that is not ended well is the last.
 * @returns what the comparison with the source says; undefined when it was not asked for, or the tool gave up
 * @throws OwnRunFailedError when a run of ours does not end well
 */
export async function runTool(run: ToolRun): Promise<Verdict | undefined> {
  const { tool, mailbox, servers, network, id } = run;
  const stateFolder = join(run.workspace, id);
  await mkdir(stateFolder, { recursive: true });
  await servers.source.copyMailbox(mailbox.pristineUser, id);
  try {
    const command = await tool.prepare({
      source: { ...servers.source.access(id), port: network.sourcePort },
      destination: { ...servers.destination.access(id), port: network.destinationPort },
      folders: mailbox.workload.folders,
      stateFolder,
      workspace: run.workspace,
      lanes: run.lanes,
      profileFolder: run.profileFolder,
    });
    let expected: MailboxSnapshot = mailbox.snapshot;
    for (const pass of tool.passes) {
      if (pass === 'new-mail') {
        await fillQuickly(servers.source.access(id), { messages: mailbox.workload.newMail() });
        expected = mailbox.snapshotWithNewMail;
      }
      const watch = servers.destination.watchFirstMessage(id);
      const measured = await runMeasured(command, {
        seconds: run.limitSeconds * (tool.ours ? OWN_PATIENCE : 1),
        signal: run.signal,
      }).finally(() => {
        watch.stop();
      });
      const firstMessageAt = pass === 'first' ? await watch.found : undefined;
      const result = await resultOf(tool, pass, measured, { stateFolder, firstMessageAt });
      run.onPass(pass, result);
      if (result.kind !== 'measured') return undefined;
    }
    if (!run.verify && !tool.ours) return undefined;
    await servers.source.removeMailbox(id); // it is known by its snapshot, and may fill the memory that it is in
    return await verifyCopy(expected, servers.destination.access(id));
  } finally {
    if (!run.keep) await rm(stateFolder, { recursive: true, force: true });
    await servers.source.removeMailbox(id);
    await servers.destination.removeMailbox(id);
  }
}

async function resultOf(
  tool: BenchTool,
  pass: Pass,
  measured: MeasuredRun,
  { stateFolder, firstMessageAt }: { stateFolder: string; firstMessageAt: number | undefined },
): Promise<SampleResult> {
  if (measured.kind !== 'done') {
    if (!tool.ours) return measured;
    const why =
      measured.kind === 'failed'
        ? `${measured.how}:\n${measured.words}`
        : `no end within ${measured.limitSeconds} s`;
    throw new OwnRunFailedError(`The ${pass} pass of ${tool.name} failed, ${why}`);
  }
  const { wallSeconds, usage, startedAt } = measured;
  const first =
    firstMessageAt === undefined ? {} : { firstMessageSeconds: (firstMessageAt - startedAt) / 1000 };
  if (!tool.ours) return { kind: 'measured', wallSeconds, ...first, ...usage };
  const own = await readOwnMeasurements(measurementsFile(stateFolder));
  const { cpuSeconds, peakRssBytes, firstConnectionAt, lastConnectionEndedAt } = own;
  if (firstConnectionAt === undefined || lastConnectionEndedAt === undefined)
    throw new BenchSetupError(`The ${pass} pass of ${tool.name} never talked to a mail server.`);
  const startSeconds = (firstConnectionAt - startedAt) / 1000;
  const mailSeconds = (lastConnectionEndedAt - firstConnectionAt) / 1000;
  const phases: OwnPhases = {
    startSeconds,
    mailSeconds,
    endSeconds: Math.max(0, wallSeconds - startSeconds - mailSeconds),
    connections: own.connections,
    requests: own.requests,
    units: own.units,
  };
  return { kind: 'measured', wallSeconds, ...first, cpuSeconds, peakRssBytes, own: phases };
}
