import { type Command, Option } from 'commander';
import { UsageError } from '../errors.ts';
import type { MigrationRequest } from '../migrate/open-migration.ts';
import type { SignInInput } from '../../shared/api/schemas/sign-in-schema.ts';
import { PROVIDERS, profileOf } from '../../shared/imap/providers/provider-catalogue.ts';
import { ownSecretKind } from '../../shared/sign-in/needed-secrets.ts';
import { readCertificate } from '../read-certificate.ts';
import { parseServerAddress } from '../server-address.ts';
import { readSignIn } from '../read-sign-in.ts';
import { readUsers } from '../users/read-users.ts';
import { addLabelOptions, type LabelOptions, LABELS_HELP, readLabelOptions } from './label-options.ts';
import type { WantedSecrets } from '../users/user-row.ts';
import {
  addSelectionOptions,
  readSelectionOptions,
  SELECTION_HELP,
  type SelectionOptions,
} from './selection-options.ts';

/** Which mailboxes, between which servers, and what of them: what commands about a migration have in common. */
export interface MailboxOptions extends SelectionOptions, LabelOptions {
  readonly source: string;
  readonly destination: string;
  readonly users?: string;
  readonly sourceUser?: string;
  readonly destinationUser?: string;
  readonly sourceSignIn?: string;
  readonly destinationSignIn?: string;
  readonly sourceProvider?: string;
  readonly destinationProvider?: string;
  readonly state: string;
  readonly ca?: string;
  readonly insecure?: true;
}

export const MAILBOX_HELP = `
The users file (CSV, UTF-8; columns in any order):
  EmailAddress         the destination mailbox, which is also the login there
  UserName             the login at the source
  Password             the password (or app password) at the source
  DestinationPassword  optional; without it MAILHAUL_DESTINATION_PASSWORD is used
  UserRoot             optional; where the mailbox begins at a source with shared folders
  RefreshToken, DestinationRefreshToken   in place of a password, where users consent (OAuth 2.0)

Where one account or application opens all mailboxes of a server, no password of theirs is needed. The files of
--source-sign-in and --destination-sign-in say how, and hold the secret (keep them to yourself: chmod 600):
  {"kind":"administrator","user":"chief","password":"…","template":"{user}*{admin}"}
  {"kind":"oauth","grant":"client-credentials","directory":"example.org","clientId":"…","clientSecret":"…"}
  {"kind":"oauth","grant":"refresh-token","clientId":"…","clientSecret":"…"}      with RefreshToken for each user, or
                                                       "mailhaul consent", which makes links for them
  {"kind":"oauth","grant":"service-account","key":{ the key file of a Google service account }}

Addresses: imaps:// is TLS with a verified certificate (port 993). imap:// is port 143 and demands STARTTLS;
with --insecure it goes without encryption. Passwords never go on the command line.
${SELECTION_HELP}${LABELS_HELP}`;

export function addMailboxOptions(command: Command): Command {
  command
    .requiredOption('--source <url>', 'the server to read from, imaps://HOST[:PORT] or imap://HOST[:PORT]')
    .requiredOption('--destination <url>', 'the server to write to')
    .option('--users <file>', 'CSV file of the mailboxes')
    .option('--source-user <login>', 'one mailbox without a file: the login at the source')
    .option('--destination-user <login>', 'one mailbox without a file: the login at the destination')
    .option('--source-sign-in <file>', 'JSON file: how one account or application opens the source')
    .option('--destination-sign-in <file>', 'the same for the destination')
    .addOption(providerOption('--source-provider <id>', 'whose server, or which, the source is'))
    .addOption(providerOption('--destination-provider <id>', 'the same for the destination'))
    .addOption(
      new Option('--state <dir>', 'the folder for ledger and encrypted credentials').default('.mailhaul'),
    )
    .option('--ca <file>', 'trust the certificates of this PEM file too')
    .option('--insecure', 'with imap:// : no encryption');
  return addLabelOptions(addSelectionOptions(command));
}

/** What is known of a server by its name needs no option: it is for servers of one's own, such as a Courier. */
function providerOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(PROVIDERS.map(({ id }) => id));
}

/** Where users can be sent somewhere to consent, their tokens may come later. */
function wantedOf(
  signIn: SignInInput | undefined,
  server: { readonly host: string; readonly provider?: string },
): WantedSecrets['source'] {
  const kind = ownSecretKind(signIn ?? { kind: 'user-password' });
  if (kind !== 'refresh-token' || signIn?.kind !== 'oauth') return kind;
  const known = signIn.endpoints?.authorizationUrl !== undefined || profileOf(server).oauth !== undefined;
  return known ? 'consent' : kind;
}

function at({ host }: { readonly host: string }, provider: string | undefined) {
  return provider === undefined ? { host } : { host, provider };
}

/** @throws UsageError, UsersFileError */
export async function readMailboxOptions(
  options: MailboxOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<MigrationRequest> {
  const source = parseServerAddress(options.source, '--source', options.insecure === true);
  const destination = parseServerAddress(options.destination, '--destination', options.insecure === true);
  const selection = readSelectionOptions(options);
  const labels = readLabelOptions(options);
  const [sourceSignIn, destinationSignIn] = await Promise.all([
    options.sourceSignIn === undefined ? undefined : readSignIn(options.sourceSignIn, '--source-sign-in'),
    options.destinationSignIn === undefined
      ? undefined
      : readSignIn(options.destinationSignIn, '--destination-sign-in'),
  ]);
  const users = await readUsers(options, environment, {
    source: wantedOf(sourceSignIn, at(source, options.sourceProvider)),
    destination: wantedOf(destinationSignIn, at(destination, options.destinationProvider)),
  });
  const ca = options.ca === undefined ? undefined : await readCertificate(options.ca);
  if (source.host === destination.host && source.port === destination.port) {
    const same = users.find((user) => user.userName === user.emailAddress);
    if (same !== undefined) {
      throw new UsageError(
        `${same.emailAddress} would be copied onto itself: source and destination are the same server. Check --source and --destination.`,
      );
    }
  }
  return {
    source,
    destination,
    ca,
    users,
    sourceSignIn,
    destinationSignIn,
    sourceProvider: options.sourceProvider,
    destinationProvider: options.destinationProvider,
    selection,
    labels,
    stateDir: options.state,
  };
}
