import type { BenchCase } from '../bench-plan.ts';
import type { Filled } from '../mail/fill-quickly.ts';
import type { CaseResults } from '../run-case.ts';
import { AWS_PRICES } from '../../infra/plan/aws-prices.ts';
import { type CaseHeading, caseTables } from './case-tables.ts';
import type { Machine } from './machine.ts';
import type { Sample, Verification } from './sample.ts';
import { type SummaryRow, summarize } from './summary.ts';

interface ReportFacts {
  readonly startedAt: Date;
  readonly machine: Machine;
  readonly rounds: number;
  readonly lanes: number | undefined;
  readonly tools: readonly ToolFacts[];
}

interface ToolFacts {
  readonly name: string;
  /** Undefined: not installed. */
  readonly version: string | undefined;
  readonly configuration: string;
  readonly remedy: string;
}

interface CaseReport extends CaseHeading {
  readonly rows: readonly SummaryRow[];
  readonly verifications: readonly Verification[];
  readonly samples: readonly Sample[];
}

const LEGEND = `Times are medians of the wall time from the start of a tool's process to its end; "× mailhaul" is a tool's time
divided by mailhaul's, so above 1 mailhaul is faster; "× started" leaves the start of mailhaul's process out. CPU and memory are those of the tool's processes, not of the
servers. "copy" is the comparison with the source after the last pass: bytes (SHA-256), INTERNALDATE and flags.

Of our own processes: "start" is the time until the first connection to a mail server, "mail" from there to the end
of the last one, "end" what is left. "outside transfer" is 1 − transfer / mailhaul, both without their start.
AWS requests are counted where they arrive, at the embedded services, polls of queues included, set-up of tables and
queues left out, and so are those of the HTTP API (starting, and the looks of the command line). They include leases
renewed each second, which are every ten in the cloud. Prices: ${AWS_PRICES.region}, ${AWS_PRICES.asOf}, DynamoDB by request units (computed from the items in requests and
answers), SQS and Secrets Manager by requests, without Lambda and storage.
`;

/** Collects the results of a run and tells them. */
export class BenchReport {
  readonly #facts: ReportFacts;
  readonly #cases: CaseReport[] = [];

  constructor(facts: ReportFacts) {
    this.#facts = facts;
  }

  add({ workload, delayMs }: BenchCase, size: Filled, { samples, verifications }: CaseResults): void {
    this.#cases.push({
      workload: workload.name,
      description: workload.description,
      delayMs,
      messages: size.messages,
      newMessages: [...workload.newMail()].length,
      bytes: size.bytes,
      rows: summarize(samples),
      verifications,
      samples,
    });
  }

  heading(): string {
    const { startedAt, machine, rounds, lanes, tools } = this.#facts;
    return [
      `## ${startedAt.toISOString().slice(0, 10)}`,
      '',
      `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.kernel}, mail and states in ${machine.storage};`,
      `Node ${machine.node}, Dovecot ${machine.dovecot}; ${rounds} ${rounds === 1 ? 'round' : 'rounds'}, ${lanes === undefined ? 'lanes as by default' : `${lanes} lanes`}.`,
      '',
      ...tools.map(({ name, version, configuration, remedy }) =>
        version === undefined
          ? `- ${name}: not installed. ${remedy}`
          : `- ${name} ${version}: ${configuration}`,
      ),
      '',
    ].join('\n');
  }

  /** The tables of the case that was added last. */
  lastCase(): string {
    const last = this.#cases.at(-1);
    return last === undefined ? '' : caseTables(last, last.rows, last.verifications);
  }

  markdown(): string {
    const tables = this.#cases.map((each) => caseTables(each, each.rows, each.verifications));
    return [`# Benchmark\n`, this.heading(), LEGEND, ...tables, this.#notes()].join('\n');
  }

  json(): unknown {
    return { ...this.#facts, prices: AWS_PRICES, cases: this.#cases };
  }

  /** Copies of ours that are not equal to their source. */
  failures(): string[] {
    return this.#cases
      .flatMap(({ verifications }) => verifications)
      .filter(({ tool, verdict }) => !verdict.equal && (tool === 'mailhaul' || tool === 'transfer'))
      .map(
        ({ workload, delayMs, tool, round, verdict }) =>
          `The copy of ${tool} is not equal to its source (${workload}, ${delayMs} ms, round ${round}): ${verdict.report}`,
      );
  }

  /** What rivals changed, by the first examples. */
  #notes(): string {
    const differing = this.#cases
      .flatMap(({ verifications }) => verifications)
      .filter((each) => !each.verdict.equal);
    if (differing.length === 0) return '';
    const lines = differing.map(({ workload, delayMs, tool, verdict }) => {
      const example = verdict.report.split('\n')[1]?.trim() ?? '';
      return `- ${tool}, ${workload}, ${delayMs} ms: ${verdict.summary}. ${example}`;
    });
    return ['### Copies that differ from their source', '', ...lines, ''].join('\n');
  }
}
