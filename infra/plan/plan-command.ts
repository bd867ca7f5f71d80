import { Command, InvalidArgumentError } from 'commander';
import { PROVIDERS } from '../../shared/imap/providers/provider-catalogue.ts';
import { MAX_LANES } from '../../shared/state/lane-record.ts';
import { ENVIRONMENT_DEFAULTS } from '../../shared/environment/read-environment.ts';
import { QUEUES } from '../resources.ts';
import { AWS_QUOTAS } from './aws-quotas.ts';
import { estimatePlan } from './estimate-plan.ts';
import { ASSUMED, MEASURED } from './measured-costs.ts';
import { type PlanOptions, planInput } from './plan-input.ts';
import { compareReport, planReport } from './plan-report.ts';

type CommandOptions = Omit<PlanOptions, 'mailboxes'> & {
  readonly json?: true;
  readonly mailboxes: readonly number[];
};

const HELP = `
Everything but --mailboxes and --gb has a default. Budgets, chunk sizes and timeouts are those of the code; time comes
from a simulation of all mailboxes started together, requests and rates from the benchmark. Nothing is sent anywhere.

Providers: ${PROVIDERS.map(({ id }) => id).join(', ')}.

Exit codes: 0; 1 when the estimate failed; 64 for wrong usage.

Examples:
  npm run plan -- --mailboxes 100000 --gb 5 --provider gmail
  npm run plan -- --mailboxes 1,100,10000,1000000 --gb 5
  npm run plan -- --mailboxes 5000 --gb 20 --provider gmail --destination exchange-online --messages-per-second 10
  npm run plan -- --mailboxes 1000000 --gb 1 --concurrency 5000 --planners 1000 --account-concurrency 10000 --resync 240
  npm run plan -- --mailboxes 200 --gb 3 --provider dovecot --host-connections 400 --addresses 2 --json`;

/** The command line of the estimate. */
export function planCommand(print: (text: string) => void): Command {
  return new Command('plan')
    .description('estimates what a migration takes: time, concurrency, AWS requests and cost')
    .requiredOption('--mailboxes <n>', 'how many; several with commas between are compared', numbersOf)
    .requiredOption('--gb <n>', 'of one mailbox, in decimal gigabytes', numberOf)
    .option(
      '--messages <n>',
      `of one mailbox (its size by ${ASSUMED.messageBytes / 1000} kB a message)`,
      numberOf,
    )
    .option('--folders <n>', `of one mailbox (${ASSUMED.folders})`, numberOf)
    .option('--provider <id>', 'where the mail comes from (other)')
    .option('--destination <id>', 'where it goes (other)')
    .option(
      '--lanes <n>',
      `of one mailbox (the connections that both providers bear; at most ${MAX_LANES})`,
      numberOf,
    )
    .option(
      '--concurrency <n>',
      `lanes of all mailboxes at once (${QUEUES.chunks.maximumConcurrency})`,
      numberOf,
    )
    .option(
      '--planners <n>',
      `mailboxes that are planned at once (${QUEUES.passes.maximumConcurrency})`,
      numberOf,
    )
    .option(
      '--account-concurrency <n>',
      `what Lambda runs at once (${AWS_QUOTAS.lambdaConcurrency})`,
      numberOf,
    )
    .option('--host-connections <n>', "connections that the source's server bears in all", numberOf)
    .option(
      '--resync <minutes>',
      `between two looks at a mailbox (${ENVIRONMENT_DEFAULTS.resyncSeconds / 60})`,
      numberOf,
    )
    .option('--days <n>', 'in step, after the first copy (30)', numberOf)
    .option('--new-messages <n>', `a day and mailbox (${ASSUMED.newMessagesPerDay})`, numberOf)
    .option('--messages-per-second <n>', `of one lane (${MEASURED.messagesPerSecond}, measured)`, numberOf)
    .option('--bytes-per-second <n>', `of one lane (${MEASURED.bytesPerSecond}, measured)`, numberOf)
    .option('--account-messages-per-second <n>', "of one account (the destination's, if known)", numberOf)
    .option('--addresses <n>', 'NAT gateways, each with an address that stays (0: none)', numberOf)
    .option('--json', 'everything, for programs')
    .addHelpText('after', HELP)
    .showHelpAfterError('(npm run plan -- --help shows how)')
    .exitOverride()
    .action(({ json, mailboxes, ...options }: CommandOptions) => {
      const plans = mailboxes.map((count) => estimatePlan(planInput({ ...options, mailboxes: count })));
      const [only] = plans;
      if (json === true) print(JSON.stringify(plans.length === 1 ? only : plans, undefined, 2));
      else print(plans.length === 1 && only !== undefined ? planReport(only) : compareReport(plans));
    });
}

/** Whether it makes sense for the option is said by `planInput`, in one place. */
function numberOf(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new InvalidArgumentError('Give a number, such as 20 or 0.5.');
  return value;
}

function numbersOf(text: string): readonly number[] {
  return text.split(',').map((each) => numberOf(each.trim()));
}
