import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Imported by the process of the servers when a run records what each test file executes (docs/testing-mutations.md). */
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/coverage-of-tests', import.meta.url));
const OURS = /^file:\/\/(.*)\/dist\/(src\/.*)\.js$/;
const sources = new Map();

/** Writes what was executed since the last call: ranges of the sources, the inner ones after the outer ones. */
export async function record({ test, ms }) {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const files = result.flatMap(({ url, functions }) => {
    const [, root, name] = OURS.exec(url) ?? [];
    const executed = functions.filter(({ ranges }) => ranges[0].count > 0);
    if (!root || executed.length === 0) return [];
    const source = sourceOf(root, name);
    const ranges = executed.flatMap((each) =>
      each.ranges.map(({ startOffset, endOffset, count }) => [
        source.positionOf(startOffset),
        source.positionOf(endOffset - 1) + 1,
        count,
      ]),
    );
    return [[`${name}.ts`, { digest: source.digest, ranges }]];
  });
  if (!test) return {};
  mkdirSync(FOLDER, { recursive: true });
  const recorded = JSON.stringify({ test, ms, files: Object.fromEntries(files) });
  writeFileSync(join(FOLDER, `${test.replaceAll('/', '+')}.json`), recorded);
  return {};
}

function sourceOf(root, name) {
  const known = sources.get(name);
  if (known) return known;
  const text = readFileSync(join(root, `${name}.ts`), 'utf8');
  const built = linesOf(readFileSync(join(root, 'dist', `${name}.js`), 'utf8'));
  const lines = linesOf(text);
  const map = new SourceMap(JSON.parse(readFileSync(join(root, 'dist', `${name}.js.map`), 'utf8')));
  const positionOf = (offset) => {
    const line = built.findLastIndex((start) => start <= offset);
    const { originalLine = 0, originalColumn = 0 } = map.findEntry(line, offset - built[line]);
    return (lines[originalLine] ?? text.length) + originalColumn;
  };
  const source = { digest: createHash('sha256').update(text).digest('hex').slice(0, 16), positionOf };
  sources.set(name, source);
  return source;
}

/** Where each line begins. */
const linesOf = (text) => [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
