/** The results as a text table for a terminal or a log. */
import type { Claim, Measured, Row } from './bench.ts';

export interface TableOptions {
  readonly colour: boolean;
}

const COLUMNS = ['median', 'best', 'ratio'] as const;
const WIDTH = 14;

/** One block for each measurement, then whether the promises hold. */
export function table(results: readonly Measured[], { colour }: TableOptions): string {
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const names = results.flatMap(({ rows }) => rows.map(({ name }) => name.length));
  const nameWidth = Math.max(...names, 20) + 2;
  const blocks = results.map((result) => {
    const head = `${paint(1, result.title.padEnd(nameWidth))}${COLUMNS.map((name) => name.padStart(WIDTH)).join('')}`;
    const lines = result.rows.map((row) => {
      const line = `  ${row.name.padEnd(nameWidth - 2)}${cells(row, result.unit)}`;
      return row.name === 'clcache' || row.name.startsWith('clcache,') ? paint(36, line) : line;
    });
    const notes = result.notes.map((note) => paint(2, `  (${note})`));
    return [head, ...lines, ...notes].join('\n');
  });
  const claims = results.flatMap((result) => result.claims);
  const verdicts = claims.map((claim) => {
    const word = holds(claim) ? paint(32, 'yes') : paint(31, 'no ');
    return `  ${word} ${claim.text}: ${number(claim.value)} ${claim.unit} (${claim.atLeast ? 'at least' : 'at most'} ${claim.limit})`;
  });
  const last = verdicts.length > 0 ? `\n\n${paint(1, 'Aims')}\n${verdicts.join('\n')}` : '';
  return `${blocks.join('\n\n')}${last}\n`;
}

/** True if the measured value keeps the promise. */
export function holds({ value, limit, atLeast }: Claim): boolean {
  return atLeast ? value >= limit : value <= limit;
}

/** Three significant digits, without exponents. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

function cells(row: Row, unit: string): string {
  const value = `${number(row.value)} ${unit}`;
  const best = row.best === undefined ? '' : `${number(row.best)} ${unit}`;
  const ratio = row.ratio === undefined ? '' : `${number(row.ratio)} ×`;
  return [value, best, ratio]
    .map((cell) => cell.padStart(WIDTH))
    .join('')
    .trimEnd();
}
