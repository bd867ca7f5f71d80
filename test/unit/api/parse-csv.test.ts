import fc from 'fast-check';
import { parseCsv } from '../../../shared/api/parse-csv.ts';
import { ProblemError } from '../../../shared/api/problem.ts';

const COLUMNS = { required: ['EmailAddress', 'Password'], optional: ['UserRoot'] } as const;

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const cell = fc.string({ unit: 'grapheme', maxLength: 20 });
const filled = cell.map((text) => `x${text}y`);

describe('reading a CSV file', () => {
  test('gives back every cell as it was written, in any order of the columns', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ EmailAddress: filled, Password: cell, UserRoot: filled }), {
          minLength: 1,
          maxLength: 20,
        }),
        fc.shuffledSubarray(['EmailAddress', 'Password', 'UserRoot'] as const, { minLength: 3 }),
        fc.constantFrom(',', ';'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (rows, order, delimiter, newline, bom) => {
          const lines = [order, ...rows.map((row) => order.map((column) => quoted(row[column])))];
          const text = (bom ? '\uFEFF' : '') + lines.map((line) => line.join(delimiter)).join(newline);
          // A line break of the other kind inside a cell stays; blanks at the ends of a cell fall away but in passwords.
          expect(parseCsv(text, COLUMNS).map(({ cells }) => cells)).toEqual(
            rows.map((row) => ({
              ...row,
              EmailAddress: row.EmailAddress.trim(),
              UserRoot: row.UserRoot.trim(),
            })),
          );
        },
      ),
    );
  });

  test('of any text gives rows or a problem that names places, and throws nothing else', () => {
    const letters = fc.constantFrom('a', '"', ',', ';', '\n', '\r', ' ', '@', '\u0000');
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 200 }), (text) => {
        const read = readOrProblem(`EmailAddress,Password\n${text}`);
        const sound =
          read instanceof ProblemError
            ? read.code === 'csv-invalid' && read.errors.length > 0
            : read.every(({ row, cells }) => row > 1 && Object.keys(cells).length === 3);
        expect(sound).toBe(true);
      }),
    );
  });

  test('names rows as a spreadsheet counts them, blank ones included', () => {
    const rows = parseCsv('EmailAddress,Password\na,1\n\n,\nb,2\n', COLUMNS);
    expect(rows.map(({ row }) => row)).toEqual([2, 5]);
  });

  test('never repeats a cell in a problem', () => {
    const problem = readOrProblem('EmailAddress,Password\na,"top-secret\nb,2');
    expect(problem).toBeInstanceOf(ProblemError);
    expect(JSON.stringify(problem)).not.toContain('top-secret');
  });
});

function readOrProblem(text: string): ReturnType<typeof parseCsv> | ProblemError {
  try {
    return parseCsv(text, COLUMNS);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}
