/** One change of the project, and the tests that should notice it. */
export type Mutant = {
  readonly id: string;
  /** What the change would mean. */
  readonly why: string;
  readonly change: { readonly file: string; readonly text: string } | { readonly sql: string };
  /** In the order in which they run. */
  readonly tests: readonly string[];
};

/** What became of a mutant. */
export type Outcome = {
  readonly mutant: Mutant;
  readonly result: 'noticed' | 'survived' | 'broken';
  /** The first test that failed, or why the change says nothing. */
  readonly detail: string;
  readonly seconds: number;
};

/** What was asked for cannot be run: a list that does not fit the code, or tests that do not start. */
export class Unusable extends Error {}

/** A row of the table; `width` is that of the longest id. */
export const rowOf = ({ mutant, result, detail, seconds }: Outcome, width: number): string =>
  `${mutant.id.padEnd(width)}  ${result.padEnd(8)}  ${seconds.toFixed(1).padStart(5)} s  ${detail}`;

/** Survivors with what they would mean, changes that say nothing, and how many there are of each. */
export function summaryOf(outcomes: readonly Outcome[]): string {
  const of = (wanted: Outcome['result']) => outcomes.filter(({ result }) => result === wanted);
  const survivors = of('survived').map(({ mutant }) => `no test notices ${mutant.id}: ${mutant.why}`);
  const mistakes = of('broken').map(({ mutant, detail }) => `says nothing: ${mutant.id}: ${detail}`);
  const minutes = outcomes.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  const counts =
    `${outcomes.length} changes: ${of('noticed').length} noticed, ${survivors.length} survived, ` +
    `${mistakes.length} broken; ${minutes.toFixed(1)} minutes`;
  return ['', ...survivors, ...mistakes, counts].join('\n');
}
