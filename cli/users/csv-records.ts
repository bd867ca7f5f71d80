import { CsvError, parse } from 'csv-parse/sync';
import { type CsvIssue, UsersFileError } from '../errors.ts';

/** As large as Microsoft's migration files may be (bytes). */
export const MAX_USERS_FILE_BYTES = 10 * 1024 * 1024;
const MAX_RECORD_BYTES = 64 * 1024;

/**
 * One array of cells for each record: its index + 1 is the row as a spreadsheet shows it, empty lines included.
 * @throws UsersFileError when the bytes are too many, not UTF-8 or not CSV
 */
export function readCsvRecords(bytes: Uint8Array, file: string): string[][] {
  if (bytes.byteLength > MAX_USERS_FILE_BYTES) {
    throw new UsersFileError(file, [
      {
        row: 1,
        problem: 'the file is larger than 10 MB',
        remedy: 'Split it and run one part after the other',
      },
    ]);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UsersFileError(
      file,
      [{ row: 1, problem: 'the file is not UTF-8', remedy: 'Save it again as "CSV UTF-8"' }],
      { cause },
    );
  }
  const [firstLine = ''] = text.split(/\r?\n/, 1);
  try {
    return parse(text, {
      bom: true,
      delimiter: !firstLine.includes(',') && firstLine.includes(';') ? ';' : ',',
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      max_record_size: MAX_RECORD_BYTES,
    });
  } catch (cause) {
    throw new UsersFileError(file, [syntaxIssue(cause)], {
      // The parser's own error carries the cells that it met, passwords among them: only its code goes on.
      cause: new Error(`csv-parse: ${cause instanceof CsvError ? cause.code : 'unknown error'}`),
    });
  }
}

function syntaxIssue(cause: unknown): CsvIssue {
  if (!(cause instanceof CsvError)) throw cause;
  const row = 1 + Number(cause['records'] ?? 0);
  switch (cause.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return {
        row,
        problem: 'a quote is opened and never closed',
        remedy: 'Close it, and double quotes inside a cell',
      };
    case 'INVALID_OPENING_QUOTE':
    case 'CSV_INVALID_CLOSING_QUOTE':
      return {
        row,
        problem: 'a quote stands in the middle of a cell',
        remedy: 'Put the whole cell into quotes and double the quotes inside it',
      };
    case 'CSV_MAX_RECORD_SIZE':
      return {
        row,
        problem: 'the row is longer than 64 KB',
        remedy: 'Look for a quote that is never closed',
      };
    default:
      return { row, problem: 'the file is not CSV', remedy: 'Save it again as "CSV UTF-8"' };
  }
}
