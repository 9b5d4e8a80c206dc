/** One line of the report; `beside` is the value that it is compared with. */
export type Finding = {
  what: string;
  ours: string;
  beside: string;
  ratio: number | null;
  target: string;
  met: boolean | null;
};

const HEAD = ['what', 'ours', 'compared with', 'ratio', 'target', 'met'];

export function table(findings: readonly Finding[]): string {
  const rows = [HEAD, ...findings.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')).join('\n');
}

const cells = ({ what, ours, beside, ratio, target, met }: Finding) => [
  what,
  ours,
  beside,
  ratio === null ? '' : ratio.toFixed(2),
  target,
  met === null ? '' : met ? 'yes' : 'NO',
];

export const perSecond = (value: number, of = '') => `${grouped(value)}${of}/s`;
export const milliseconds = (value: number) => `${value.toFixed(2)} ms`;
export const grouped = (value: number) => Math.round(value).toLocaleString('en');
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** A finding without a comparison. */
export const plainFinding = (what: string, ours: string, more: Partial<Finding> = {}): Finding => ({
  what,
  ours,
  ...{ beside: '', ratio: null, target: '', met: null },
  ...more,
});
