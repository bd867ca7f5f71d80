import type { BenchCase } from './bench-plan.ts';
import type { MailServers } from './mail/mail-servers.ts';
import { openNetwork } from './network/open-network.ts';
import type { PreparedMailbox } from './prepared-mailbox.ts';
import type { Sample, SampleResult, Verification } from './report/sample.ts';
import { runTool, type ToolRun } from './run-tool.ts';
import { withResource } from '../test/support/with-resource.ts';
import type { BenchTool, Pass } from './tools/bench-tool.ts';

export interface CaseSurroundings
  extends Pick<ToolRun, 'workspace' | 'lanes' | 'profileFolder' | 'limitSeconds' | 'keep' | 'signal'> {
  readonly servers: MailServers;
  readonly tools: readonly BenchTool[];
  /** Names of the tools that are there. */
  readonly installed: ReadonlySet<string>;
  readonly rounds: number;
  readonly progress: (line: string) => void;
}

export interface CaseResults {
  readonly samples: readonly Sample[];
  readonly verifications: readonly Verification[];
}

/** Runs the tools of a case in turn, round after round, each round beginning with another one. */
export async function runCase(
  benchCase: BenchCase,
  mailbox: PreparedMailbox,
  surroundings: CaseSurroundings,
): Promise<CaseResults> {
  const { delayMs } = benchCase;
  const workload = benchCase.workload.name;
  const samples: Sample[] = [];
  const verifications: Verification[] = [];
  const tools = surroundings.tools.filter(({ name }) => benchCase.tools.includes(name));
  const given = new Set<string>();
  await withResource(openNetwork(surroundings.servers, delayMs), async (network) => {
    for (let round = 1; round <= surroundings.rounds; round += 1) {
      for (const tool of rotated(tools, round - 1)) {
        const take = (pass: Pass, result: SampleResult): void => {
          samples.push({ workload, delayMs, tool: tool.name, pass, round, result });
          surroundings.progress(
            `${workload}, ${delayMs} ms, round ${round}: ${tool.name} ${pass} ${told(result)}`,
          );
          if (result.kind !== 'measured') given.add(tool.name);
        };
        if (given.has(tool.name)) continue;
        if (!surroundings.installed.has(tool.name)) {
          take('first', { kind: 'not-installed', remedy: tool.remedy });
          continue;
        }
        const verdict = await runTool({
          ...surroundings,
          tool,
          mailbox,
          network,
          id: `${tool.name}-${workload}-${delayMs}-${round}@example.org`,
          verify: round === 1,
          onPass: take,
        });
        if (verdict === undefined) continue;
        verifications.push({ workload, delayMs, tool: tool.name, round, verdict });
        surroundings.progress(
          `${workload}, ${delayMs} ms, round ${round}: ${tool.name} copy compared: ${verdict.summary}`,
        );
      }
    }
  });
  return { samples, verifications };
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

function told(result: SampleResult): string {
  switch (result.kind) {
    case 'measured':
      return `${result.wallSeconds.toFixed(2)} s, ${(result.peakRssBytes / 1e6).toFixed(0)} MB`;
    case 'too-slow':
      return `given up after ${result.limitSeconds} s`;
    case 'failed':
      return `failed, ${result.how}: ${result.words.slice(-300)}`;
    case 'not-installed':
      return `not installed. ${result.remedy}`;
  }
}
