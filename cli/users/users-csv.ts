import { z } from 'zod';
import { emailSchema } from '../../shared/api/schemas/bounded-text.ts';
import { type CsvIssue, UsersFileError } from '../errors.ts';
import { readCsvRecords } from './csv-records.ts';
import type { UserRow } from './user-row.ts';

/** As many as Microsoft's migration files may name, which administrators already have. */
export const MAX_USERS = 50_000;

const REQUIRED = ['EmailAddress', 'UserName', 'Password'] as const;
const OPTIONAL = ['DestinationPassword', 'UserRoot'] as const;
const COLUMNS = [...REQUIRED, ...OPTIONAL];
type Column = (typeof COLUMNS)[number];

/** A cell of one line; messages are `problem|remedy`. The bounds are those of the API. */
function cell(max: number) {
  return z
    .string()
    .max(max, `is longer than ${max} characters|Shorten it`)
    .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'holds a line break or another control character|Remove it');
}
const EMPTY = 'is empty|Fill it in';

const rowSchema = z.object({
  EmailAddress: cell(254)
    .min(1, EMPTY)
    .refine(
      (text) => text === '' || emailSchema.safeParse(text).success,
      'is not an e-mail address|Write the address of the destination mailbox, like anna@example.org',
    ),
  UserName: cell(320).min(1, EMPTY),
  Password: cell(1024).min(1, EMPTY),
  DestinationPassword: cell(1024),
  UserRoot: cell(255),
});

export interface UsersCsvOptions {
  /** The file's name, for messages. */
  readonly file: string;
  /** Used where a row gives no DestinationPassword. */
  readonly destinationPassword: string | undefined;
}

/**
 * Reads `EmailAddress,UserName,Password[,DestinationPassword][,UserRoot]`: header in any order and case, comma or
 * semicolon (spreadsheets in many languages write it), CRLF or LF, quoted or not, with or without a byte order mark.
 * @throws UsersFileError with every row, column and remedy; never a cell's text other than an e-mail address.
 */
export function parseUsersCsv(bytes: Uint8Array, options: UsersCsvOptions): UserRow[] {
  const fail = (...issues: CsvIssue[]) => new UsersFileError(options.file, issues);
  const records = readCsvRecords(bytes, options.file);
  const header = records[0];
  if (header === undefined) {
    throw fail({ row: 1, problem: 'the file is empty', remedy: `Begin it with ${REQUIRED.join(',')}` });
  }
  const columns = readHeader(header, options.file);

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
    const user = readRow(cells, columns, row, options, issues);
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

/** Trailing empty cells of the header are columns without a name, which spreadsheets leave behind. */
function readHeader(header: readonly string[], file: string): (Column | undefined)[] {
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
  for (const column of REQUIRED) {
    if (!columns.includes(column)) {
      issues.push({
        row: 1,
        column,
        problem: 'is missing',
        remedy: `Make the first row ${REQUIRED.join(',')} (DestinationPassword and UserRoot may follow)`,
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
  issues: CsvIssue[],
): UserRow | undefined {
  const raw: Record<Column, string> = {
    EmailAddress: '',
    UserName: '',
    Password: '',
    DestinationPassword: '',
    UserRoot: '',
  };
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? '';
    // Blanks around a password may belong to it.
    if (column !== undefined) raw[column] = column.endsWith('Password') ? cell : cell.trim();
  }
  const parsed = rowSchema.safeParse(raw);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const [problem = '', remedy = ''] = issue.message.split('|');
      issues.push({ row, column: String(issue.path[0]), problem, remedy });
    }
    return undefined;
  }
  const destinationPassword = parsed.data.DestinationPassword || options.destinationPassword;
  if (destinationPassword === undefined) {
    issues.push({
      row,
      column: 'DestinationPassword',
      problem: `there is no password for ${parsed.data.EmailAddress} at the destination`,
      remedy: 'Fill the column in, or set MAILHAUL_DESTINATION_PASSWORD in the environment',
    });
    return undefined;
  }
  return {
    emailAddress: parsed.data.EmailAddress,
    userName: parsed.data.UserName,
    password: parsed.data.Password,
    destinationPassword,
    ...(parsed.data.UserRoot === '' ? {} : { userRoot: parsed.data.UserRoot }),
  };
}
