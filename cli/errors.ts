import type { FailedVerdict } from './api/failed-verdict.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** A failure that ends a command: its message says what happened and what to do, and holds no secret. */
export class CommandError extends Error {
  readonly code: string = 'CommandFailed';
  readonly exitCode: ExitCode = EXIT.internal;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The command line or the environment is wrong. */
export class UsageError extends CommandError {
  override readonly code: string = 'Usage';
  override readonly exitCode = EXIT.usage;
}

/** A password was given where other users of the machine and the shell's history can read it. */
export class SecretOnCommandLineError extends UsageError {
  override readonly code = 'SecretOnCommandLine';
}

/** One thing wrong in a CSV file. Row 1 is the line of column names, as spreadsheets count. */
export interface CsvIssue {
  readonly row: number;
  readonly column?: string;
  readonly problem: string;
  readonly remedy: string;
}

/** The users file cannot be used; names each row and column, at most `SHOWN` of them. */
export class UsersFileError extends UsageError {
  static readonly SHOWN = 20;
  override readonly code = 'UsersFile';
  readonly file: string;
  readonly issues: readonly CsvIssue[];
  constructor(file: string, issues: readonly CsvIssue[], options?: ErrorOptions) {
    const shown = issues.slice(0, UsersFileError.SHOWN).map(describeIssue);
    const rest = issues.length - shown.length;
    super(
      [`${file} cannot be used:`, ...shown, ...(rest > 0 ? [`  … and ${rest} more`] : [])].join('\n'),
      options,
    );
    this.file = file;
    this.issues = issues;
  }
}

/** Something outside the program is in the way: a port, a folder, a file. */
export class UnavailableError extends CommandError {
  override readonly code: string = 'Unavailable';
  override readonly exitCode = EXIT.unavailable;
}

/** The local HTTP API answered a request with an error. */
export class ApiRequestError extends CommandError {
  override readonly code = 'ApiRequest';
  readonly status: number;
  /** The API's code for it. */
  readonly problem: string | undefined;
  /** Of a connection test that failed. */
  readonly verdict: FailedVerdict | undefined;
  constructor(
    message: string,
    data: { status: number; problem: string | undefined; verdict: FailedVerdict | undefined },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.status = data.status;
    this.problem = data.problem;
    this.verdict = data.verdict;
  }
}

function describeIssue(issue: CsvIssue): string {
  const place = issue.column === undefined ? `row ${issue.row}` : `row ${issue.row}, column ${issue.column}`;
  return `  ${place}: ${issue.problem}. ${issue.remedy}.`;
}
