import { readdirSync } from 'node:fs';
import { type Mutant, Unusable } from '../outcome.ts';
import { projectFiles, projectPath, readProject } from '../working-copy.ts';
import { Symbols } from './symbols.ts';

const LIST = 'scripts/mutate/specials/breaks';
const IS_SOURCE = /^(?:src|console\/src|packages\/\w+\/src)\/.*(?<!\.(?:spec|d))\.ts$/;
const IS_TEST = /\.(?:e2e|spec)\.ts$/;

/** One rule, broken on purpose: `# id in within: tests`, why, lines with `- find` and lines with `+ replacement`. */
type Break = {
  readonly id: string;
  /** The declaration that holds the text, `function NAME` of the database, or `database` for SQL without a text. */
  readonly within: string;
  readonly tests: readonly string[];
  readonly why: string;
  readonly find: string;
  readonly replacement: string;
};

/**
 * The breaks of the list, applied to the code as it is.
 * @throws Unusable that names every one which does not fit
 */
export function loadBreaks(): Mutant[] {
  const files = projectFiles();
  const sources = files.filter((file) => IS_SOURCE.test(file));
  const symbols = new Symbols(sources, readProject);
  const problems: string[] = [];
  const mutantsOf = (each: Break): Mutant[] => {
    try {
      const tests = each.tests.map((name) => testNamed(name, files));
      return [{ id: each.id, why: each.why, change: changeOf(each, symbols), tests }];
    } catch (error) {
      problems.push(`${each.id}: ${(error as Error).message}`);
      return [];
    }
  };
  const breaks = readdirSync(projectPath(LIST)).flatMap((name) =>
    parseBreaks(readProject(`${LIST}/${name}`)),
  );
  const mutants = breaks.flatMap(mutantsOf);
  for (const [id, { length }] of Map.groupBy(breaks, (each) => each.id))
    if (length > 1) problems.push(`${id}: ${length} breaks have this id`);
  if (problems.length > 0) throw new Unusable(problems.join('\n'));
  return mutants;
}

export function parseBreaks(text: string): Break[] {
  return text.split(/^(?=# )/m).map((block) => {
    const [head = '', why = '', ...lines] = block.trim().split('\n');
    const [id, within, tests] = head.slice(2).split(/ in |: /);
    if (!id || !within || !tests || lines.length === 0) throw new Unusable(`This is no break:\n${block}`);
    const marked = (mark: string) =>
      lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));
    const [find, replacement] = [marked('-').join('\n'), marked('+').join('\n')];
    return { id, within, tests: tests.split(', '), why, find, replacement };
  });
}

function changeOf({ within, find, replacement }: Break, symbols: Symbols): Mutant['change'] {
  if (within === 'database') return { sql: replacement };
  const [, name] = /^function (\w+)$/.exec(within) ?? [];
  if (name) return { sql: changeOfFunction(name, find, replacement) };
  const found = symbols.placesOf(within).flatMap(({ file, start, end }) => {
    const text = readProject(file);
    return positionsOf(find, text.slice(start, end)).map(([from, to]) => ({
      file,
      text: text.slice(0, start + from) + replacement + text.slice(start + to),
    }));
  });
  const ofServer = found.filter(({ file }) => file.startsWith('src/'));
  const [only, ...others] = ofServer.length > 0 ? ofServer : found;
  if (!only || others.length > 0)
    throw new Error(`${found.length} times in what is called ${within}:\n${find}`);
  return only;
}

/** Where the text begins and ends, whatever its blanks and line breaks. */
export function positionsOf(find: string, text: string): [start: number, end: number][] {
  const positions = [...text.matchAll(/\S/g)].map(({ index }) => index);
  const [wanted, given] = [find.replaceAll(/\s/g, ''), text.replaceAll(/\s/g, '')];
  const found: [number, number][] = [];
  for (let at = given.indexOf(wanted); at >= 0; at = given.indexOf(wanted, at + 1))
    found.push([positions[at]!, positions[at + wanted.length - 1]! + 1]);
  return found;
}

/** Starts from its definition in the database, wherever its text stands in the project. */
const changeOfFunction = (name: string, find: string, replacement: string): string => `
  do $break$
  declare
    before text := pg_get_functiondef('${name}'::regproc);
    after text := replace(before, $text$${find}$text$, $text$${replacement}$text$);
  begin
    assert before <> after, 'the function does not hold this text';
    execute after;
  end $break$`;

/** By the name of its file, with the folder if several have it. */
function testNamed(name: string, files: readonly string[]): string {
  const [test, ...others] = files.filter(
    (file) => IS_TEST.test(file) && `/${file.replace(IS_TEST, '')}`.endsWith(`/${name}`),
  );
  if (!test || others.length > 0) throw new Error(`there is not one test file called ${name}`);
  return test;
}
