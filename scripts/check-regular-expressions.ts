/**
 * `npm run check:regexes`: every regular expression of the code must take linear time, so that no text stalls the
 * process that reads it. Those that cannot be decided are refused, too.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { examineExpressions } from './regular-expressions/examine-expressions.ts';
import { findExpressions } from './regular-expressions/find-expressions.ts';

const CHECKED = ['src', 'console/src', 'packages', 'scripts'];
const CODE = /\.(tsx?|mjs|js)$/;

/** Files that build expressions at run time, and why these are safe. */
const BUILT_AT_RUN_TIME: Readonly<Record<string, string>> = {
  'src/common/errors/error.filter.ts': 'the paths of our routes, with [^/]+ between slashes',
  'src/config/parsers.ts': 'CORS_ALLOWED_ORIGINS_REGEX, which the operator chooses',
};

const listed = execFileSync('git', ['ls-files', '--', ...CHECKED], { encoding: 'utf8' }).split('\n');
const paths = listed.filter((path) => CODE.test(path) && existsSync(path));
const { expressions, unreadable } = findExpressions(
  new Map(paths.map((path) => [path, readFileSync(path, 'utf8')])),
);
const verdicts = await examineExpressions(expressions);
const problems = [
  ...verdicts.flatMap(({ source, flags, places, problem }) =>
    problem === null ? [] : [`${places.join(' ')}  /${source}/${flags} ${problem}`],
  ),
  ...unreadable
    .filter(({ place }) => BUILT_AT_RUN_TIME[place.split(':')[0]!] === undefined)
    .map(({ text, place }) => `${place}  ${text} is built at run time and cannot be examined`),
];
for (const problem of problems.toSorted()) console.error(problem);
console.error(`${expressions.length} regular expressions examined, ${problems.length} refused`);
process.exitCode = problems.length === 0 ? 0 : 1;
