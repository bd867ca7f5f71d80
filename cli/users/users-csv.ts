import { type CsvIssue, UsersFileError } from '../errors.ts';
import { readCsvRecords } from './csv-records.ts';
import { type Column, COLUMNS, requiredColumns, rowSchemaFor } from './user-columns.ts';
import type { UserRow, WantedSecrets } from './user-row.ts';

/** As many as Microsoft's migration files may name, which administrators already have. */
export const MAX_USERS = 50_000;

export interface UsersCsvOptions {
  /** The file's name, for messages. */
  readonly file: string;
  /** Used where a row gives no DestinationPassword. */
  readonly destinationPassword: string | undefined;
  /** Passwords at both sides unless it is given. */
  readonly wanted?: WantedSecrets;
}

const PASSWORDS: WantedSecrets = { source: 'password', destination: 'password' };

/**
 * Reads `EmailAddress,UserName,Password[,DestinationPassword][,UserRoot]`, or RefreshToken in the place of a password
 * where users consent, and neither where one account opens the server for all: header in any order and case, comma or
 * semicolon (spreadsheets in many languages write it), CRLF or LF, quoted or not, with or without a byte order mark.
 * @throws UsersFileError with every row, column and remedy; never a cell's text other than an e-mail address.
 */
export function parseUsersCsv(bytes: Uint8Array, options: UsersCsvOptions): UserRow[] {
  const fail = (...issues: CsvIssue[]) => new UsersFileError(options.file, issues);
  const wanted = options.wanted ?? PASSWORDS;
  const required = requiredColumns(wanted);
  const schema = rowSchemaFor(wanted);
  const records = readCsvRecords(bytes, options.file);
  const header = records[0];
  if (header === undefined) {
    throw fail({ row: 1, problem: 'the file is empty', remedy: `Begin it with ${required.join(',')}` });
  }
  const columns = readHeader(header, options.file, required);

  const issues: CsvIssue[] = [];
  const seen = new Map<string, number>();
  const rows: UserRow[] = [];
  for (const [index, cells] of records.entries()) {
    if (index === 0 || cells.every((cell) => cell.trim() === '')) continue;
    const row = index + 1;
    if (cells.length > columns.length) {
      issues.push({
        row,
        problem: `has ${cells.length} cells, the first row names ${columns.length}`,
        remedy: 'Put quotes around a cell that holds a comma, and double the quotes inside it',
      });
      continue;
    }
    const user = readRow(cells, columns, row, options, schema, issues);
    if (user === undefined) continue;
    const key = user.emailAddress.toLowerCase();
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, row);
      rows.push(user);
    } else {
      issues.push({
        row,
        column: 'EmailAddress',
        problem: `${user.emailAddress} is in row ${first} already`,
        remedy: 'Keep one row for each destination mailbox',
      });
    }
  }
  if (issues.length > 0) throw fail(...issues);
  if (rows.length === 0) {
    throw fail({ row: 2, problem: 'there is no user', remedy: 'Write one row for each mailbox to move' });
  }
  if (rows.length > MAX_USERS) {
    throw fail({
      row: MAX_USERS + 2,
      problem: `the file names ${rows.length} users, ${MAX_USERS} are the most`,
      remedy: 'Split the file and run one part after the other with the same --state',
    });
  }
  return rows;
}

function takesToken(wanted: WantedSecrets['source']): boolean {
  return wanted === 'refresh-token' || wanted === 'consent';
}

/** Trailing empty cells of the header are columns without a name, which spreadsheets leave behind. */
function readHeader(
  header: readonly string[],
  file: string,
  required: readonly Column[],
): (Column | undefined)[] {
  const issues: CsvIssue[] = [];
  const columns = header.map((cell) => {
    const name = cell.trim();
    const column = COLUMNS.find((known) => known.toLowerCase() === name.toLowerCase());
    if (column === undefined && name !== '') {
      issues.push({
        row: 1,
        column: JSON.stringify(name.slice(0, 40)),
        problem: 'is not a column of this file',
        remedy: `Use ${COLUMNS.join(', ')} and remove other columns`,
      });
    }
    return column;
  });
  for (const [index, column] of columns.entries()) {
    if (column !== undefined && columns.indexOf(column) !== index) {
      issues.push({ row: 1, column, problem: 'is there twice', remedy: 'Remove one of the two columns' });
    }
  }
  for (const column of required) {
    if (!columns.includes(column)) {
      issues.push({
        row: 1,
        column,
        problem: 'is missing',
        remedy: `Make the first row ${required.join(',')} (DestinationPassword and UserRoot may follow)`,
      });
    }
  }
  if (issues.length > 0) throw new UsersFileError(file, issues);
  return columns;
}

function readRow(
  cells: readonly string[],
  columns: readonly (Column | undefined)[],
  row: number,
  options: UsersCsvOptions,
  schema: ReturnType<typeof rowSchemaFor>,
  issues: CsvIssue[],
): UserRow | undefined {
  const raw: Record<Column, string> = {
    EmailAddress: '',
    UserName: '',
    Password: '',
    RefreshToken: '',
    DestinationPassword: '',
    DestinationRefreshToken: '',
    UserRoot: '',
  };
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    // Blanks around a password may belong to it.
    if (column !== undefined) raw[column] = column.endsWith('Password') ? cell : cell.trim();
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const [problem = '', remedy = ''] = issue.message.split('|');
      issues.push({ row, column: String(issue.path[0]), problem, remedy });
    }
    return undefined;
  }
  const { data } = parsed;
  const { source, destination } = options.wanted ?? PASSWORDS;
  const destinationPassword = data.DestinationPassword || options.destinationPassword;
  if (destination === 'password' && destinationPassword === undefined) {
    issues.push({
      row,
      column: 'DestinationPassword',
      problem: `there is no password for ${data.EmailAddress} at the destination`,
      remedy: 'Fill the column in, or set MAILHAUL_DESTINATION_PASSWORD in the environment',
    });
    return undefined;
  }
  return {
    emailAddress: data.EmailAddress,
    userName: data.UserName,
    ...(source === 'password' && { password: data.Password }),
    ...(takesToken(source) && data.RefreshToken !== '' && { refreshToken: data.RefreshToken }),
    ...(destination === 'password' && destinationPassword !== undefined && { destinationPassword }),
    ...(takesToken(destination) &&
      data.DestinationRefreshToken !== '' && { destinationRefreshToken: data.DestinationRefreshToken }),
    ...(data.UserRoot === '' ? {} : { userRoot: data.UserRoot }),
  };
}
