/** A column of a table: its heading, and on which side its cells stand. */
export interface Column {
  readonly heading: string;
  readonly align: 'left' | 'right';
}

/** A table of Markdown whose source is as readable as its rendering. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ heading }, index) =>
    Math.max(3, heading.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]): string => {
    const padded = columns.map(({ align }, index) => {
      const cell = cells[index] ?? '';
      const width = widths[index] ?? 0;
      return align === 'left' ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(' | ')} |`;
  };
  const rule = columns.map(({ align }, index) => {
    const width = widths[index] ?? 0;
    return align === 'left' ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`;
  });
  return [line(columns.map(({ heading }) => heading)), line(rule), ...rows.map(line)].join('\n');
}
