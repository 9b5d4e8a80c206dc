import type { Result } from './client.ts';

const MAX_WIDTH = 70; // characters of one cell; misses are printed in full below the table

/** A table of all results, and the misses in full. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map(({ name, expected, got, passed }) => [
    passed ? 'ok' : 'MISS',
    name,
    expected,
    got,
  ]);
  const table = [['', 'name', 'expected', 'got'], ...rows].map((row) => row.map(shortened));
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const missesOf = (results: readonly Result[]): string =>
  results
    .filter(({ passed }) => !passed)
    .map(({ name, expected, got }) => `MISS ${name}\n  expected ${expected}\n  got      ${got}`)
    .join('\n');

const shortened = (cell: string): string =>
  cell.length <= MAX_WIDTH ? cell : `${cell.slice(0, MAX_WIDTH - 1)}…`;
