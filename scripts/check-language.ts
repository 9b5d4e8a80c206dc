/**
 * `npm run check:language`: fails on words that are not standard technical English (docs/glossary.md has the terms to use)
 * and on test titles that make no sense without their describe. Prints `file:line  word  (what to write instead)`.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';

const CHECKED = ['src', 'console/src', 'packages', 'test', 'docs', 'scripts'];
const TEXT = /\.(tsx?|mjs|js|md)$/;
const EXEMPT = /^scripts\/check-language(\.spec)?\.ts$/; // these files name the words

/** Whole words, in prose and inside identifiers (`nobodysDigest`, `open-door`, `TAKE_TURNS`). */
const BANNED: Readonly<Record<string, string>> = {
  nobody: 'null, unknown, none, "no user"',
  nobodys: 'null, unknown, none',
  anew: 'again, recreate',
  mend: 'fix, correct',
  mends: 'fix, correct',
  mended: 'fixed, corrected',
  mending: 'fixing',
  door: 'endpoint, entry point',
  doors: 'endpoints, entry points',
  glass: 'break-glass only',
  crowd: 'batch, queue',
  crowds: 'batches',
  turns: 'mutex, one at a time',
  rounds: 'runs, intervals',
  census: 'context, loader',
  deed: 'action, audit entry',
  deeds: 'actions, audit entries',
  doer: 'actor',
  doers: 'actors',
  whence: 'from where',
  thereof: 'of it',
  vouch: 'assert, verify',
  vouches: 'asserts, verifies',
  vouched: 'asserted, verified',
  learnt: 'loaded, learned',
  patience: 'timeout',
  recognise: 'recognize',
  recognised: 'recognized',
  he: 'the caller, the user, they',
  him: 'the caller, the user, them',
  his: 'their',
  himself: 'themselves',
  she: 'the caller, the user, they',
  her: 'their, them',
  hers: 'theirs',
  herself: 'themselves',
};

const BANNED_PHRASES: readonly RegExp[] = [
  /\b(?:takes?|taken) (?:[\w'’]+ ){0,3}at (?:its|their|his|her) word\b/i,
  /\bwithout a word\b/i,
  /\blast word\b/i,
  /['’]s word\b/i,
];

/** Established compounds and senses. */
const ALLOWED: readonly RegExp[] = [
  /break[-_ ]?glass/gi,
  /\b(?:\d+|hashing|cost|salt) rounds\b/gi,
  /\brounds (?:up|down|of hashing)\b/gi,
];

/** Words that are right in one place: the system user `nobody`, and a public error code. */
const ALLOWED_IN: readonly (readonly [path: RegExp, word: string])[] = [
  [/^src\/database\/embedded\/system-user\.ts$/, 'nobody'],
  [/embedded-postgres\.e2e\.ts$/, 'nobody'],
  [/^docs\/decisions\/0009-/, 'nobody'],
  [/provisioning\/sign-in\.errors\.ts$/, 'nobody'],
  [/^docs\/errors\.md$/, 'nobody'],
];

const PREPOSITIONS = new Set(
  'about above across after against among around as at before behind below beside between beyond by during for from in inside into of off on onto out outside over past per since through to toward towards under until up upon with within without'.split(
    ' ',
  ),
);
const FEWEST_WORDS = 4;

export type Finding = { line: number; word: string; advice: string };

/** The banned words of a text, in their order. */
export function findBannedWords(text: string, path = ''): Finding[] {
  return text.split('\n').flatMap((original, index) => {
    const line = ALLOWED.reduce((remaining, allowed) => remaining.replace(allowed, ' '), original);
    const words = wordsOf(line).filter(
      (word, at, all) =>
        Object.hasOwn(BANNED, word) && !isAllowedIn(path, word) && !isSwitched(all.slice(at, at + 7)),
    );
    const phrases = BANNED_PHRASES.flatMap((phrase) => phrase.exec(line)?.[0] ?? []);
    return [
      ...words.map((word) => ({ line: index + 1, word, advice: BANNED[word]! })),
      ...phrases.map((word) => ({ line: index + 1, word, advice: 'say it plainly' })),
    ];
  });
}

/** Lower case; identifiers are split. Digests, keys and tokens (letters and digits mixed) are no words. */
function wordsOf(line: string): string[] {
  return (line.match(/[A-Za-z0-9_$]+/g) ?? [])
    .filter((run) => !(run.length > 12 && /\d/.test(run)))
    .flatMap((run) => run.replaceAll(/([a-z])([A-Z])/g, '$1 $2').split(/[\s_$\d]+/))
    .map((word) => word.toLowerCase());
}

/** "Turns single sign-on off". */
const isSwitched = ([verb, ...following]: string[]): boolean =>
  verb === 'turns' && (following.includes('on') || following.includes('off'));

const isAllowedIn = (path: string, word: string): boolean =>
  ALLOWED_IN.some(([where, allowed]) => allowed === word && where.test(path));

/** What is wrong with a test title, or null. */
export function titleProblem(title: string): string | null {
  const words = title.trim().split(/\s+/);
  if (words.length < FEWEST_WORDS) return `fewer than ${FEWEST_WORDS} words`;
  return PREPOSITIONS.has(words[0]!.toLowerCase()) ? 'starts with a preposition' : null;
}

/** The titles of `it` and `test`, also of `it.each(table)(title, ...)`. */
export function titlesIn(path: string, text: string): { line: number; title: string }[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: { line: number; title: string }[] = [];
  const visit = (node: ts.Node): void => {
    const title = ts.isCallExpression(node) && isTest(node.expression) ? node.arguments[0] : undefined;
    if (title && ts.isStringLiteralLike(title)) {
      const { line } = source.getLineAndCharacterOfPosition(title.getStart(source));
      found.push({ line: line + 1, title: title.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `it`, `it.only`, `it.each(...)`, `it.each<...>(...)`; not the table of `each` itself. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'it' || callee.text === 'test';
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text !== 'each' && isTest(callee.expression);
  if (!ts.isCallExpression(callee) || !ts.isPropertyAccessExpression(callee.expression)) return false;
  return callee.expression.name.text === 'each' && isTest(callee.expression.expression);
}

function check(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  const words = findBannedWords(text, path).map(
    ({ line, word, advice }) => `${path}:${line}  ${word}  (${advice})`,
  );
  if (!/\.(spec|e2e)\.ts$/.test(path)) return words;
  const titles = titlesIn(path, text).flatMap(({ line, title }) => {
    const problem = titleProblem(title);
    return problem ? [`${path}:${line}  test title "${title}"  (${problem})`] : [];
  });
  return [...words, ...titles];
}

if (import.meta.main) {
  const listed = execFileSync('git', ['ls-files', ...CHECKED], { encoding: 'utf8' }).split('\n');
  const files = listed.filter((path) => TEXT.test(path) && !EXEMPT.test(path) && existsSync(path));
  const findings = files.flatMap(check);
  for (const finding of findings) console.error(finding);
  const folders = Map.groupBy(
    findings,
    (finding) => /^(?:src\/modules\/)?[^/:]+(?:\/[^/:]+(?=\/))?/.exec(finding)![0],
  );
  for (const [folder, found] of folders) console.error(`${String(found.length).padStart(5)}  ${folder}`);
  if (findings.length > 0)
    console.error(`${findings.length} findings; docs/glossary.md has the terms to use`);
  process.exitCode = findings.length > 0 ? 1 : 0;
}
