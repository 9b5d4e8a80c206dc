import type { Break } from './break.ts';

/** What became of one break. */
export type Outcome = {
  readonly id: string;
  readonly result: 'noticed' | 'survived' | 'broken';
  /** The first test that failed, or why the break says nothing. */
  readonly detail: string;
  readonly seconds: number;
};

/** A row of the table; `width` is that of the longest id. */
export const rowOf = ({ id, result, detail, seconds }: Outcome, width: number): string =>
  `${id.padEnd(width)}  ${result.padEnd(8)}  ${seconds.toFixed(1).padStart(5)} s  ${detail}`;

export const widthOf = (breaks: readonly Break[]): number => Math.max(...breaks.map(({ id }) => id.length));

/** Survivors with what they would mean, entries that have to be corrected, and how many there are of each. */
export function summaryOf(outcomes: readonly Outcome[], breaks: readonly Break[]): string {
  const of = (wanted: Outcome['result']) => outcomes.filter(({ result }) => result === wanted);
  const about = new Map(breaks.map((each) => [each.id, each]));
  const survivors = of('survived').map(({ id }) => {
    const { file, why } = about.get(id)!;
    return `no test notices ${id} (${file}): ${why}`;
  });
  const mistakes = of('broken').map(({ id, detail }) => `correct the entry ${id}: ${detail}`);
  const minutes = outcomes.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  const counts =
    `${outcomes.length} breaks: ${of('noticed').length} noticed, ${survivors.length} survived, ` +
    `${mistakes.length} broken; ${minutes.toFixed(1)} minutes`;
  return ['', ...survivors, ...mistakes, counts].join('\n');
}
