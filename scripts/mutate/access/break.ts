import type { WorkingCopy } from '../working-copy.ts';

/** One rule, broken on purpose. */
export type Break = {
  /** `area.what`; unique. */
  readonly id: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What an attacker or a user could do if the rule were missing; one sentence. */
  readonly why: string;
  /** Spec and e2e files of which at least one test should fail; few, since each costs seconds. */
  readonly tests: readonly string[];
};

/** A break that cannot be applied or says nothing: the list has to be corrected. */
export class UnusableBreak extends Error {}

/**
 * The text of the file with the rule broken.
 * @throws UnusableBreak when the code has changed so that the text is missing or stands more than once
 */
export function brokenText(original: string, { id, file, find, replace }: Break): string {
  const count = original.split(find).length - 1;
  if (count !== 1) throw new UnusableBreak(`${id}: ${file} holds this text ${count} times:\n${find}`);
  return original.replace(find, () => replace);
}

/** @throws UnusableBreak that names every entry which does not fit the code */
export function assertUsable(breaks: readonly Break[], copy: WorkingCopy): void {
  const problems = [...repeatedIds(breaks), ...breaks.flatMap((each) => problemOf(each, copy))];
  if (problems.length > 0) throw new UnusableBreak(problems.join('\n'));
}

const repeatedIds = (breaks: readonly Break[]): string[] =>
  breaks
    .map(({ id }) => id)
    .filter((id, index, ids) => ids.indexOf(id) !== index)
    .map((id) => `${id}: two entries have this id`);

function problemOf(each: Break, copy: WorkingCopy): string[] {
  try {
    brokenText(copy.read(each.file), each);
    for (const test of each.tests) copy.read(test);
    return each.tests.length > 0 ? [] : [`${each.id}: names no test file`];
  } catch (error) {
    return [error instanceof UnusableBreak ? error.message : `${each.id}: ${(error as Error).message}`];
  }
}
