import { Command, Option } from 'commander';
import { LANGUAGES, type Language } from '../../shared/i18n/language.ts';
import { negotiateLanguage } from '../../shared/i18n/negotiate-language.ts';
import { mailDomain } from '../../shared/imap/discovery/mail-domain.ts';
import { PROVIDERS } from '../../shared/imap/providers/provider-catalogue.ts';
import { UsageError } from '../errors.ts';
import type { ExitCode } from '../exit-codes.ts';
import { ownSecretKind } from '../../shared/sign-in/needed-secrets.ts';
import { readCertificate } from '../read-certificate.ts';
import { readSignIn } from '../read-sign-in.ts';
import { parseServerAddress } from '../server-address.ts';

interface CheckCommandOptions {
  readonly server?: string;
  readonly user?: string;
  readonly destination?: true;
  readonly provider?: string;
  readonly signIn?: string;
  readonly language?: Language;
  readonly ca?: string;
  readonly insecure?: true;
  readonly json?: true;
}

const HELP = `
Without --server the server is found by the domain of ADDRESS: by its SRV records, by who takes its mail, by the usual
names. The password comes from the environment variable MAILHAUL_PASSWORD. Nothing is stored.

With --sign-in FILE.json the account is opened as "mailhaul migrate --source-sign-in" would open it: by an administrator,
by an application's own right, by a service account; or by consent of its user, with the refresh token in
MAILHAUL_REFRESH_TOKEN. A service that changes refresh tokens at each use takes that one away: get another one afterwards.
Without a token the server alone is tried, as far as that goes.

With --destination the right to create folders is tried, too: an empty folder "Mailhaul connection test ..." is made and
removed again.

Examples:
  MAILHAUL_PASSWORD=... mailhaul check anna@example.org
  MAILHAUL_PASSWORD=... mailhaul check anna@new.example --server imaps://imap.new.example --destination

Exit codes:
    0  the account can be used
    2  it cannot; the step that failed and what to do are printed
   64  wrong usage`;

export function checkCommand(finish: (exitCode: ExitCode) => void): Command {
  return new Command('check')
    .description('try one account step by step, and find its server')
    .argument('<address>', 'the e-mail address of the account')
    .option('--server <url>', 'its server, imaps://HOST[:PORT] or imap://HOST[:PORT]')
    .option('--user <login>', 'the login where it is not the address')
    .option('--sign-in <file>', 'JSON file: how one account or application opens the mailbox, or tokens do')
    .option('--destination', 'as a destination: mail is to be written there')
    .addOption(new Option('--provider <id>', 'whose server it is').choices(PROVIDERS.map(({ id }) => id)))
    .addOption(new Option('--language <code>', 'of what is printed').choices([...LANGUAGES]))
    .option('--ca <file>', 'trust the certificates of this PEM file too')
    .option('--insecure', 'with imap:// : no encryption')
    .option('--json', 'print one JSON document instead of lines')
    .addHelpText('after', HELP)
    .action(async (address: string, options: CheckCommandOptions) => {
      finish(await check(address, options, process.env));
    });
}

async function check(
  address: string,
  options: CheckCommandOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ExitCode> {
  const target = targetOf(address, options);
  const signIn = options.signIn === undefined ? undefined : await readSignIn(options.signIn, '--sign-in');
  const password = environment['MAILHAUL_PASSWORD'] || undefined;
  if (password === undefined && ownSecretKind(signIn ?? { kind: 'user-password' }) === 'password') {
    throw new UsageError(
      'MAILHAUL_PASSWORD is not set. Put the password (or app password) of the account into this variable of the environment.',
    );
  }
  const ca = options.ca === undefined ? undefined : await readCertificate(options.ca);
  const { runCheck } = await import('../check/run-check.ts');
  return runCheck(
    {
      target,
      provider: options.provider,
      ca,
      side: options.destination === true ? 'destination' : 'source',
      user: options.user ?? address,
      signIn,
      password,
      refreshToken: environment['MAILHAUL_REFRESH_TOKEN'] || undefined,
      language: options.language ?? languageOf(environment),
      json: options.json === true,
    },
    (text) => process.stdout.write(text),
  );
}

function targetOf(address: string, { server, insecure }: CheckCommandOptions) {
  if (server !== undefined) return { endpoint: parseServerAddress(server, '--server', insecure === true) };
  const domain = mailDomain(address);
  if (domain === undefined) {
    throw new UsageError(`"${address}" is not an e-mail address. Give one, or name the server by --server.`);
  }
  return { domain };
}

/** `pl_PL.UTF-8` is Polish. */
function languageOf(environment: Readonly<Record<string, string | undefined>>): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  return negotiateLanguage((LC_ALL || LC_MESSAGES || LANG || '').split(/[_.@]/)[0]);
}
