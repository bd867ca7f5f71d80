import type * as z from 'zod';
import { type CsvRow, csvInvalid } from './parse-csv.ts';
import type { ProblemPlace } from './problem.ts';

const REMEDY = 'Mend the cell and send the whole file again';

/**
 * Checks each row by a schema whose keys are the columns, and that each address is there once.
 * @throws ProblemError csv-invalid naming every row and column that is wrong
 */
export function checkCsvRows<Schema extends z.ZodType>(
  rows: readonly CsvRow<string>[],
  schema: Schema,
  emailOf: (row: z.output<Schema>) => string,
): z.output<Schema>[] {
  const errors: ProblemPlace[] = [];
  const firstRows = new Map<string, number>();
  const checked = rows.flatMap(({ row, cells }) => {
    const filled = Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== ''));
    const parsed = schema.safeParse(filled);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) {
        const column = String(issue.path[0] ?? '');
        const empty = cells[column] === '';
        errors.push({
          row,
          column,
          detail: empty ? 'The cell is empty' : issue.message,
          remedy: empty ? 'Fill it in' : REMEDY,
        });
      }
      return [];
    }
    const email = emailOf(parsed.data).toLowerCase();
    const first = firstRows.get(email);
    if (first !== undefined) {
      errors.push({
        row,
        column: 'EmailAddress',
        detail: `The address is in row ${first} already`,
        remedy: 'Keep one row for each address',
      });
    }
    firstRows.set(email, first ?? row);
    return [parsed.data];
  });
  if (errors.length > 0) throw csvInvalid(errors);
  return checked;
}
