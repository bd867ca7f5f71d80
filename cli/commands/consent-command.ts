import { Command } from 'commander';
import { systemClock } from '../../shared/migration/clock.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { listenForInterrupts } from '../interrupts.ts';
import {
  addMailboxOptions,
  MAILBOX_HELP,
  type MailboxOptions,
  readMailboxOptions,
} from './mailbox-options.ts';
import { publicAddress, wholeNumber } from './option-values.ts';

const DEFAULT_PORT = 8025;

interface ConsentOptions extends MailboxOptions {
  readonly port: number;
  readonly publicUrl?: string;
  readonly validHours?: number;
  readonly csv?: true;
  readonly json?: true;
}

const HELP = `${MAILBOX_HELP}
For servers with a sign-in of the grant refresh-token. The links are printed and then served until everybody has
consented; what a user consents to is kept in the state folder, and "mailhaul migrate" with the same options uses it. A
link is for one user, works once, and opens on this machine, unless --public-url names an address that leads here.

The sign-in service must know the redirect URI, which is printed too: http://127.0.0.1:${DEFAULT_PORT}/v1/consent/callback/...
With --public-url http://localhost:${DEFAULT_PORT} it begins with localhost, as Microsoft prefers it.

Examples:
  mailhaul consent --source imaps://imap.gmail.com --source-sign-in gmail.json \\
      --destination imaps://imap.example.org --users users.csv
  mailhaul consent ... --csv --public-url https://move.example.org > links.csv

Exit codes:
    0  everybody has consented
    2  a server could not be verified
   64  wrong usage or a wrong CSV file; nothing was begun
   69  something mailhaul needs is not available (a port, the state folder)
   70  a fault inside mailhaul; --debug shows more
  130  stopped by Ctrl-C before everybody had consented`;

export function consentCommand(finish: (exitCode: ExitCode) => void): Command {
  const command = new Command('consent').description(
    'make links by which users consent to the move of their mailboxes, and wait for them',
  );
  return addMailboxOptions(command)
    .option(
      '--port <n>',
      'of this machine, where the links lead; 0 takes a free one',
      wholeNumber(0, 65_535),
      DEFAULT_PORT,
    )
    .option('--public-url <url>', 'where users reach that port, if not on this machine', publicAddress)
    .option('--valid-hours <n>', 'how long the links are good for (a week)', wholeNumber(1, 720))
    .option('--csv', 'print the links as CSV, for many users')
    .option('--json', 'print them as one JSON document')
    .addHelpText('after', HELP)
    .action(async (options: ConsentOptions) => {
      finish(await consent(options));
    });
}

async function consent(options: ConsentOptions): Promise<ExitCode> {
  const request = await readMailboxOptions(options, process.env);
  // Loaded when it is needed: the whole service would make --help and a wrong option wait.
  const [{ runConsent }, { consentCsv, consentLines }] = await Promise.all([
    import('../consent/run-consent.ts'),
    import('../consent/consent-text.ts'),
  ]);
  const interrupts = listenForInterrupts(process, systemClock, () => process.exit(EXIT.interrupted));
  try {
    return await runConsent(
      {
        ...request,
        port: options.port,
        publicUrl: options.publicUrl,
        validHours: options.validHours,
      },
      {
        environment: process.env,
        clock: systemClock,
        signal: interrupts.signal,
        show: (links) => {
          const lines = options.csv === true ? consentCsv(links) : consentLines(links);
          process.stdout.write(options.json === true ? `${JSON.stringify({ links }, null, 2)}\n` : lines);
        },
        note: (line) => process.stderr.write(`${line}\n`),
      },
    );
  } finally {
    interrupts.dispose();
  }
}
