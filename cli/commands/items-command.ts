import { Command, Option } from 'commander';
import { ITEM_REASONS, type ItemReason } from '../../shared/migration/item-reason.ts';
import { UsageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { ItemsRequest } from '../items/run-items.ts';

interface ItemsOptions {
  readonly state: string;
  readonly mailbox?: readonly string[];
  readonly reason?: ItemReason;
  readonly failed?: true;
  readonly skipped?: true;
  readonly retry?: true;
  readonly json?: true;
  readonly csv?: true;
}

/** Of messages that are copied with another label there is nothing to list. */
const REASONS = ITEM_REASONS.filter((reason) => reason !== 'other-label');

const HELP = `
A message that fails is tried with three passes. --retry has it tried three times more, the first time at once: once the
destination takes larger messages, say, or has room again. What is copied then leaves the list. Mailboxes that were
started before go on meanwhile.

Examples:
  mailhaul items --csv > not-copied.csv
  mailhaul items --reason too-big --retry

Exit codes:
    0  there is nothing that was skipped or failed
    3  some messages are listed
   64  wrong usage
   69  something mailhaul needs is not available (a port, the state folder)
   70  a fault inside mailhaul; --debug shows more
  130  stopped by Ctrl-C before all was tried again; it goes on with the next run`;

export function itemsCommand(finish: (exitCode: ExitCode) => void): Command {
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return new Command('items')
    .description('list the messages that were not copied and why, or have them tried again')
    .addOption(new Option('--state <dir>', 'the folder of "mailhaul migrate"').default('.mailhaul'))
    .option('--mailbox <address>', 'only of this destination mailbox; may be repeated', collect)
    .addOption(new Option('--reason <code>', 'only those with this reason').choices(REASONS))
    .option('--failed', 'only those that could not be copied')
    .option('--skipped', 'only those that cannot be copied as they are')
    .option('--retry', 'have them tried again, wait, and list what is left')
    .option('--json', 'print a JSON document')
    .option('--csv', 'print CSV for a spreadsheet')
    .addHelpText('after', HELP)
    .action(async (options: ItemsOptions) => {
      finish(await listItems(options));
    });
}

async function listItems(options: ItemsOptions): Promise<ExitCode> {
  const request = requestOf(options);
  // Loaded when it is needed: the whole service would make --help and a wrong option wait.
  const { listAndPrint } = await import('../items/list-and-print.ts');
  const { json, csv } = options;
  return listAndPrint(request, json === true ? 'json' : csv === true ? 'csv' : 'text');
}

function requestOf(options: ItemsOptions): ItemsRequest {
  const { failed, mailbox = [], reason, retry, skipped, state } = options;
  if (failed === true && skipped === true) {
    throw new UsageError('Give --failed or --skipped, or neither of them for both.');
  }
  if (options.json === true && options.csv === true) throw new UsageError('Give --json or --csv, not both.');
  const wanted = failed === true ? 'failed' : skipped === true ? 'skipped' : undefined;
  return {
    stateDir: state,
    mailboxes: mailbox,
    filter: { ...(wanted && { state: wanted }), ...(reason && { reason }) },
    retry: retry === true,
  };
}
