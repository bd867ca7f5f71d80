import { Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../cli/commands/option-values.ts';
import { TOOL_NAMES, type ToolName } from './tools/bench-tool.ts';
import { WORKLOADS } from './workloads/workloads.ts';

export interface BenchOptions {
  readonly quick?: true;
  readonly workload?: readonly string[];
  readonly delay?: readonly number[];
  readonly tool?: readonly ToolName[];
  readonly rounds?: number;
  readonly lanes?: number;
  /** Seconds. */
  readonly timeLimit?: number;
  readonly profile?: string;
  readonly scratch?: string;
  readonly keep?: true;
  readonly save?: true;
}

const HELP = `
Workloads:
${WORKLOADS.map(({ name, description }) => `  ${name.padEnd(18)}${description}`).join('\n')}

Each tool copies the same mailbox in turn: a first pass, a second one with nothing new, a third with 1 % new mail.
What every tool copied is then compared with the source, message by message. Without options: all workloads but
small-2000 and those that say so, with 0 and 25 ms, three rounds; that takes hours, and the results are kept in
bench/results.

Rivals: mbsync (Debian package isync), offlineimap (offlineimap3), and imapsync where the environment variable
IMAPSYNC names the script. A tool that is not installed is reported as such. The servers are Dovecot (dovecot-imapd).

Exit codes: 0; 1 when a copy of ours does not verify or the benchmark failed; 64 for wrong usage; 130 for Ctrl-C.

Examples:
  npm run bench -- --quick
  npm run bench -- --workload small-20000 --delay 25 --tool mailhaul --tool mbsync --rounds 1
  npm run bench -- --workload office-5000 --delay 0 --tool transfer --profile profiles`;

/** Values of an option that may be given several times; each may also hold several with commas between. */
function several<T>(parse: (text: string) => T): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => [...before, ...text.split(',').map((each) => parse(each.trim()))];
}

/** The command line of the benchmark. */
export function benchCommand(run: (options: BenchOptions) => Promise<void>): Command {
  const toolOf = (text: string): ToolName => {
    const found = TOOL_NAMES.find((name) => name === text);
    if (found === undefined) throw notOneOf(TOOL_NAMES);
    return found;
  };
  const workloadOf = (text: string): string => {
    const names = WORKLOADS.map(({ name }) => name);
    if (!names.includes(text)) throw notOneOf(names);
    return text;
  };
  return new Command('bench')
    .description('measures Mailhaul beside other migration tools, on the same mailboxes and servers')
    .option('--quick', 'a short form of under two minutes')
    .option('--workload <name>', 'only this one (repeatable)', several(workloadOf))
    .option('--delay <ms>', 'only this delay each way (repeatable)', several(wholeNumber(0, 1000)))
    .option('--tool <name>', `only this one (repeatable): ${TOOL_NAMES.join(', ')}`, several(toolOf))
    .option(
      '--rounds <n>',
      'how often everything is run; medians are printed (3; quick: 1)',
      wholeNumber(1, 99),
    )
    .option('--lanes <n>', 'connections of ours to each side (as by default)', wholeNumber(1, 20))
    .option('--time-limit <s>', 'for each pass of a rival (300; quick: 20)', wholeNumber(1, 86_400))
    .option('--profile <dir>', 'write a CPU profile of each of our own processes there')
    .option('--scratch <dir>', 'where servers and tools keep their files (memory, else /tmp)')
    .option('--keep', 'leave the state and configuration files of the tools where they are')
    .option('--save', 'keep the results in bench/results also when something was left out')
    .addHelpText('after', HELP)
    .showHelpAfterError('(npm run bench -- --help shows how)')
    .exitOverride()
    .action(async (options: BenchOptions) => {
      await run(options);
    });
}

function notOneOf(names: readonly string[]): InvalidArgumentError {
  return new InvalidArgumentError(`Choose from ${names.join(', ')}.`);
}
