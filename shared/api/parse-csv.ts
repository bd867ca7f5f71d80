import { CsvError, parse } from 'csv-parse/sync';
import { ProblemError, type ProblemPlace } from './problem.ts';

/** Bytes and rows that other migration services take, and administrators' files therefore have at most. */
export const MAX_CSV_BYTES = 10_000_000;
export const MAX_CSV_ROWS = 50_000;

const MAX_PLACES = 100;
const MAX_RECORD = 16 * 1024;

export interface CsvRow<Column extends string> {
  /** As a spreadsheet counts: the header is row 1. */
  readonly row: number;
  /** A column that the file does not have is ''. */
  readonly cells: Readonly<Record<Column, string>>;
}

/**
 * Reads a CSV file (RFC 4180) with a header: comma or semicolon, which spreadsheets of many countries write, with or
 * without a byte order mark, columns in any order and case. Blanks around a cell fall away, except in passwords.
 * @throws ProblemError csv-invalid, naming places; never a cell's text
 */
export function parseCsv<Column extends string>(
  text: string,
  columns: { readonly required: readonly Column[]; readonly optional: readonly Column[] },
  maxRows: number = MAX_CSV_ROWS,
): CsvRow<Column>[] {
  const records = readRecords(text);
  const header = records[0];
  if (header === undefined) {
    throw csvInvalid([
      { row: 1, detail: 'The file is empty', remedy: `Begin it with ${columns.required.join(',')}` },
    ]);
  }
  const positions = readHeader(header.cells, columns);
  const errors: ProblemPlace[] = [];
  const rows: CsvRow<Column>[] = [];
  for (const { cells, row } of records.slice(1)) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    if (cells.length > header.cells.length) {
      errors.push({
        row,
        detail: `The row has ${cells.length} cells, the header ${header.cells.length}`,
        remedy: 'Put quotation marks around a cell that holds the separator',
      });
      continue;
    }
    rows.push({ row, cells: pick(cells, positions, columns) });
  }
  if (rows.length > maxRows) {
    errors.push({
      row: rows[maxRows]?.row ?? maxRows + 2,
      detail: `The file has ${rows.length} rows, ${maxRows} are possible`,
      remedy: 'Split the file',
    });
  }
  if (rows.length === 0 && errors.length === 0) {
    errors.push({
      row: 2,
      detail: 'There is no row below the header',
      remedy: 'Write one row for each user',
    });
  }
  if (errors.length > 0) throw csvInvalid(errors);
  return rows;
}

/** @param errors of which the first hundred are told */
export function csvInvalid(errors: readonly ProblemPlace[]): ProblemError {
  const more = errors.length > MAX_PLACES ? `, of which ${MAX_PLACES} are shown` : '';
  return new ProblemError('csv-invalid', `The file has ${errors.length} errors${more}.`, {
    errors: errors.slice(0, MAX_PLACES),
  });
}

function readRecords(text: string): Array<{ cells: string[]; row: number }> {
  const firstLine = text.slice(0, MAX_RECORD).split(/\r?\n/, 1)[0] ?? '';
  const delimiter = firstLine.includes(',') || !firstLine.includes(';') ? ',' : ';';
  try {
    const records = parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      max_record_size: MAX_RECORD,
    });
    return records.map((cells, index) => ({ cells, row: index + 1 }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const before: unknown = error['records'];
    // The parser's own message quotes the file, which may hold passwords.
    const detail =
      error.code === 'CSV_MAX_RECORD_SIZE'
        ? 'The row is too long'
        : 'The quotation marks of the row do not match';
    const row = typeof before === 'number' ? before + 1 : 1;
    throw csvInvalid([{ row, detail, remedy: 'Save the file as CSV (UTF-8) again, or mend the row' }]);
  }
}

function readHeader<Column extends string>(
  cells: readonly string[],
  columns: { readonly required: readonly Column[]; readonly optional: readonly Column[] },
): ReadonlyMap<Column, number> {
  const known = [...columns.required, ...columns.optional];
  const errors: ProblemPlace[] = [];
  const positions = new Map<Column, number>();
  for (const [index, cell] of cells.entries()) {
    const name = cell.trim();
    // Columns without a name are what spreadsheets leave behind.
    if (name === '') continue;
    const column = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    if (column === undefined) {
      const remedy = `Use the columns ${known.join(', ')}, and remove all others`;
      errors.push({ row: 1, column: name.slice(0, 60), detail: 'There is no such column', remedy });
    } else if (positions.has(column)) {
      errors.push({ row: 1, column, detail: 'The column is there twice', remedy: 'Remove one of the two' });
    } else {
      positions.set(column, index);
    }
  }
  for (const column of columns.required) {
    if (!positions.has(column)) {
      const remedy = `Make the first row ${columns.required.join(',')}`;
      errors.push({ row: 1, column, detail: 'The column is missing', remedy });
    }
  }
  if (errors.length > 0) throw csvInvalid(errors);
  return positions;
}

function pick<Column extends string>(
  cells: readonly string[],
  positions: ReadonlyMap<Column, number>,
  columns: { readonly required: readonly Column[]; readonly optional: readonly Column[] },
): Record<Column, string> {
  const entries = [...columns.required, ...columns.optional].map((column) => {
    const position = positions.get(column);
    const cell = position === undefined ? '' : (cells[position] ?? '');
    return [column, column.endsWith('Password') ? cell : cell.trim()] as const;
  });
  // The entries are exactly the columns, which Object.fromEntries cannot tell.
  return Object.fromEntries(entries) as Record<Column, string>;
}
