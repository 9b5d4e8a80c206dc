import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { type Mutant, Unusable } from '../outcome.ts';
import { runMutants } from '../run-mutants.ts';
import { projectFiles, projectPath, readProject } from '../working-copy.ts';
import { Coverage } from './coverage.ts';
import { type Change, changesOf } from './mutators.ts';
import { Uses } from './uses.ts';

const TIME_LIMIT_MS = 2 * 60_000;
/** Compares the decorators of all handlers with a reviewed list. */
const OF_DECORATORS = 'test/architecture/endpoint-access.spec.ts';
/** Of a sample: some changes mean the same as before, and specs alone do not reach all of a file. */
const LEAST_NOTICED = 0.4;
const IS_SOURCE = /^src\/(?!openapi\/).*(?:(?<!\.(?:spec|d|entity|errors))\.ts|\.sql)$/;

type Found = { readonly file: string; readonly change: Change };

type Options = {
  readonly paths: readonly string[];
  /** Null: all. */
  readonly sample: number | null;
  /** Null: that of the commit. */
  readonly seed: string | null;
  readonly listOnly: boolean;
  readonly signal: AbortSignal;
};

/** Runs what the mutators change in these files and folders. Returns whether enough was noticed. */
export async function mutateGeneric({ paths, sample, seed, listOnly, signal }: Options): Promise<boolean> {
  const files = projectFiles();
  const chosen = files.filter((file) => IS_SOURCE.test(file) && paths.some((path) => isIn(file, path)));
  if (chosen.length === 0) throw new Unusable(`There are no sources in ${paths.join(', ')}.`);
  const testsOf = chooseTests(files);
  const changes = chosen.flatMap((file) =>
    changesOf(file, readProject(file)).map((change) => ({ file, change })),
  );
  const order =
    seed ?? execFileSync('git', ['rev-parse', 'HEAD'], { cwd: projectPath(), encoding: 'utf8' }).trim();
  const inOrder = sample === null ? changes : mixed(changes, order);
  const mutants: Mutant[] = [];
  let unreached = 0;
  for (const found of inOrder) {
    if (mutants.length === sample) break;
    const tests = testsOf(found);
    if (tests.length > 0) mutants.push(mutantOf(found, tests));
    else unreached++;
  }
  console.log(
    `${mutants.length} changes, seed ${order}; ${unreached} more are in code that no recorded test executes`,
  );
  if (listOnly) {
    for (const { id, why, tests } of mutants) console.log(`${id}  ${why}\n    ${tests.join(' ')}`);
    return true;
  }
  const outcomes = await runMutants(mutants, { isOfList: false, timeoutMs: TIME_LIMIT_MS, signal });
  const of = (wanted: string) => outcomes.filter(({ result }) => result === wanted).length;
  return of('noticed') >= LEAST_NOTICED * (of('noticed') + of('survived'));
}

const isIn = (file: string, path: string): boolean => `${file}/`.startsWith(path.replace(/\/?$/, '/'));

/** The specs that import the file, which run no SQL, then tests that execute what changes. */
function chooseTests(files: readonly string[]): (found: Found) => string[] {
  const coverage = new Coverage();
  const uses = new Uses(files.filter((file) => IS_SOURCE.test(file)));
  const specs = Map.groupBy(
    files
      .filter((file) => /^src\/.*\.spec\.ts$/.test(file))
      .flatMap((spec) => importsOf(spec).map((file) => ({ file, spec }))),
    ({ file }) => file,
  );
  return ({ file, change: { kind, at } }) => [
    ...(kind.startsWith('sql-') ? [] : (specs.get(file) ?? []).map(({ spec }) => spec)),
    ...(kind === 'decorator' ? [OF_DECORATORS] : []),
    ...coverage.testsAt(uses.of({ file, at })),
  ];
}

const importsOf = (file: string): string[] =>
  [...readProject(file).matchAll(/from '(\.[^']+)\.[jt]s'/g)].map(
    ([, path]) => `${join(dirname(file), path!)}.ts`,
  );

function mutantOf({ file, change }: Found, tests: readonly string[]): Mutant {
  const { kind, start, end, replacement } = change;
  const text = readProject(file);
  const line = text.slice(0, start).split('\n').length;
  const short = (part: string) => part.replaceAll(/\s+/g, ' ').slice(0, 100);
  return {
    id: `${file}:${line} ${kind}`,
    why: `${short(text.slice(start, end))} -> ${short(replacement) || 'nothing'}`,
    change: { file, text: text.slice(0, start) + replacement + text.slice(end) },
    tests,
  };
}

/** In an order that the seed decides, with as many of each kind. */
function mixed(items: readonly Found[], seed: string): Found[] {
  const rankOf = ({ file, change }: Found) =>
    createHash('sha256')
      .update(JSON.stringify([seed, file, change]))
      .digest('hex');
  const ranked = items
    .map((item) => ({ item, rank: rankOf(item) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1));
  return [...Map.groupBy(ranked, ({ item }) => item.change.kind).values()]
    .flatMap((ofKind) => ofKind.map(({ item }, index) => ({ item, index })))
    .sort((one, other) => one.index - other.index)
    .map(({ item }) => item);
}
