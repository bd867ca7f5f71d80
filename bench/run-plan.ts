import { resolve } from 'node:path';
import { withResource } from '../test/support/with-resource.ts';
import type { BenchOptions } from './bench-options.ts';
import { type BenchCase, planBench } from './bench-plan.ts';
import { ProgramMissingError } from './errors.ts';
import { startMailServers } from './mail/mail-servers.ts';
import { prepareMailbox } from './prepared-mailbox.ts';
import { BenchReport } from './report/bench-report.ts';
import { describeMachine } from './report/machine.ts';
import { saveResults } from './report/save-results.ts';
import { runCase } from './run-case.ts';
import { chooseScratch, makeWorkspace } from './scratch-folder.ts';
import { benchTools } from './tools/bench-tools.ts';
import { TOOL_NAMES } from './tools/bench-tool.ts';
import { programVersion } from './tools/program-version.ts';
import type { Workload } from './workloads/workload.ts';

/**
 * Runs what the options ask for, prints the results and keeps those of a full run.
 * @returns whether every copy of ours was one
 */
export async function runPlan(options: BenchOptions, signal: AbortSignal): Promise<boolean> {
  const startedAt = new Date();
  const plan = planBench(options);
  if ((await programVersion('dovecot', ['--version'])) === undefined)
    throw new ProgramMissingError('Dovecot', 'Install the Debian package dovecot-imapd.');
  const scratch = await chooseScratch(options.scratch, process.env);
  const tools = benchTools(options.tool ?? TOOL_NAMES, process.env);
  const versions = new Map<string, string>();
  for (const tool of tools) {
    const version = await tool.version();
    if (version !== undefined) versions.set(tool.name, version);
  }
  const report = new BenchReport({
    startedAt,
    machine: await describeMachine(scratch),
    rounds: plan.rounds,
    lanes: options.lanes,
    tools: tools.map(({ name, configuration, remedy }) => ({
      name,
      version: versions.get(name),
      configuration,
      remedy,
    })),
  });
  console.log(report.heading());
  await withResource(makeWorkspace(scratch, options.keep === true), async ({ path }) => {
    for (const [workload, cases] of Map.groupBy(plan.cases, (each) => each.workload)) {
      await runWorkload(workload, cases);
    }
    if (options.keep === true) progress(`States and configurations are in ${path}`);

    async function runWorkload(workload: Workload, cases: readonly BenchCase[]): Promise<void> {
      await withResource(startMailServers(), async (servers) => {
        const mailbox = await prepareMailbox(servers.source, workload, progress);
        for (const benchCase of cases) {
          const results = await runCase(benchCase, mailbox, {
            servers,
            tools,
            installed: new Set(versions.keys()),
            rounds: plan.rounds,
            workspace: path,
            lanes: options.lanes,
            profileFolder: options.profile === undefined ? undefined : resolve(options.profile),
            limitSeconds: plan.limitSeconds,
            keep: options.keep === true,
            signal,
            progress,
          });
          report.add(benchCase, mailbox.size, results);
          console.log(`\n${report.lastCase()}`);
        }
      });
    }
  });
  if (plan.full || options.save === true) {
    const name = await saveResults(startedAt, { json: report.json(), markdown: report.markdown() });
    console.log(`The results are in ${name}.json and ${name}.md.`);
  }
  for (const line of report.failures()) console.error(line);
  return report.failures().length === 0;
}

function progress(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}
