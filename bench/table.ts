/** What must be so for an aim to be met; about the ratio, or about the figure itself. */
interface Aim {
  of: 'figure' | 'ratio';
  under: number;
}

/** One line of the result. Ratios compare within one run, since two machines, or two hours of one, are never alike. */
export interface Row {
  measure: 'sending' | 'judging' | 'growth' | 'start-up';
  what: string;
  figure: number;
  unit: string;
  ratio?: number;
  /** What the ratio compares with. */
  to?: string;
  aim?: Aim;
}

/** A row whose aim is judged. */
export type Judged = Row & { met?: boolean };

export function judged(row: Row): Judged {
  if (!row.aim) return row;
  const value = row.aim.of === 'ratio' ? row.ratio : row.figure;
  return { ...row, met: value !== undefined && value < row.aim.under };
}

/** The rows as a table for people. */
export function table(rows: Judged[]): string {
  const cells = [
    ['measure', 'what', 'figure', 'ratio', 'aim', ''],
    ...rows.map((row) => [
      row.measure,
      row.what,
      `${digits(row.figure)} ${row.unit}`,
      row.ratio === undefined ? '' : `${digits(row.ratio)} x ${row.to ?? ''}`.trim(),
      row.aim ? `${row.aim.of} under ${row.aim.under}` : '',
      row.met === undefined ? '' : row.met ? 'met' : 'missed',
    ]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? [];
  return cells
    .map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Three figures that count; what is large is shown whole. */
function digits(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** The value in the middle: one slow round does not move it. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
