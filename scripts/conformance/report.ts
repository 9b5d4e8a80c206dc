import type { Result } from './client.ts';

const MAX_WIDTH = 70; // characters of one cell; misses are printed in full below the table

const MARKS = { passed: 'ok', missed: 'MISS', skipped: 'skip' } as const;

/** A table of all results, and the misses in full. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map(({ name, expected, got, outcome }) => [MARKS[outcome], name, expected, got]);
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
    .filter(({ outcome }) => outcome === 'missed')
    .map(({ name, expected, got }) => `MISS ${name}\n  expected ${expected}\n  got      ${got}`)
    .join('\n');

/** Skipped checks are counted apart: they say nothing about the server. */
export function summaryOf(results: readonly Result[]): string {
  const count = (of: Result['outcome']) => results.filter(({ outcome }) => outcome === of).length;
  const skips = count('skipped') === 0 ? '' : `, ${count('skipped')} skipped`;
  return `${count('passed') + count('missed')} checks, ${count('missed')} missed${skips}`;
}

const shortened = (cell: string): string =>
  cell.length <= MAX_WIDTH ? cell : `${cell.slice(0, MAX_WIDTH - 1)}…`;
