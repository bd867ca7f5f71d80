import { type FileHandle, open } from 'node:fs/promises';
import { emailSchema } from '../../shared/api/schemas/bounded-text.ts';
import { UsageError } from '../errors.ts';
import { MAX_USERS_FILE_BYTES } from './csv-records.ts';
import type { UserRow, WantedSecrets } from './user-row.ts';
import { parseUsersCsv } from './users-csv.ts';

export interface UserSelection {
  readonly users?: string | undefined;
  readonly sourceUser?: string | undefined;
  readonly destinationUser?: string | undefined;
}

/**
 * The mailboxes to move: from a CSV file, or the one that the options and the environment name.
 * @throws UsageError, UsersFileError
 */
export async function readUsers(
  selection: UserSelection,
  environment: Readonly<Record<string, string | undefined>>,
  wanted: WantedSecrets,
): Promise<UserRow[]> {
  const destinationPassword = environment['MAILHAUL_DESTINATION_PASSWORD'] || undefined;
  if (selection.users !== undefined) {
    if (selection.sourceUser !== undefined || selection.destinationUser !== undefined) {
      throw new UsageError(
        '--users and --source-user/--destination-user exclude each other. Use one of the two.',
      );
    }
    return parseUsersCsv(await readBounded(selection.users), {
      file: selection.users,
      destinationPassword,
      wanted,
    });
  }
  const { sourceUser, destinationUser } = selection;
  if (sourceUser === undefined || destinationUser === undefined) {
    throw new UsageError(
      'It is not said which mailboxes to move. Give --users FILE.csv, or --source-user A and --destination-user B.',
    );
  }
  if (!emailSchema.safeParse(destinationUser).success) {
    throw new UsageError(
      '--destination-user is not an e-mail address. Give the address of the destination mailbox, like anna@example.org.',
    );
  }
  return [
    {
      emailAddress: destinationUser,
      userName: sourceUser,
      ...secretsOf('source', wanted.source, environment),
      ...secretsOf('destination', wanted.destination, environment),
    },
  ];
}

/** Secrets come from the environment: other users of the machine can read a command line. */
function secretsOf(
  side: 'source' | 'destination',
  kind: WantedSecrets['source'],
  environment: Readonly<Record<string, string | undefined>>,
): Partial<UserRow> {
  if (kind === undefined) return {};
  const variable = `MAILHAUL_${side.toUpperCase()}_${kind === 'password' ? 'PASSWORD' : 'REFRESH_TOKEN'}`;
  const secret = environment[variable] || undefined;
  if (secret === undefined && kind === 'consent') return {};
  if (secret === undefined) {
    throw new UsageError(
      `The environment variable ${variable} is not set. Put the ${kind.replace('-', ' ')} there; in bash, without a trace in the history: read -rs ${variable}; export ${variable}`,
    );
  }
  if (side === 'source') return kind === 'password' ? { password: secret } : { refreshToken: secret };
  return kind === 'password' ? { destinationPassword: secret } : { destinationRefreshToken: secret };
}

/** Reads one byte more than is allowed, so that the parser can say "too large" and a wrong file fills no memory. */
async function readBounded(file: string): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const buffer = Buffer.alloc(MAX_USERS_FILE_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (bytesRead === 0 || length === buffer.length) return buffer.subarray(0, length);
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new UsageError(
      `${file} cannot be read (${code}). Check the name after --users and its permissions.`,
      { cause },
    );
  } finally {
    await handle?.close();
  }
}
