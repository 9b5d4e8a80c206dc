import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { anchorsOf } from '../../scripts/contract-citations.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const tests = globSync('{src,scripts,test}/**/*.{spec,e2e,fault,upgrade}.ts', { cwd: ROOT });
const names = new Set(tests.map((path) => basename(path).replace(/\.\w+\.ts$/, '')));
const unknownIn = (list: string) => list.split(', ').filter((name) => !names.has(name));

/** The tests of each section of the contract, by `page.md#anchor`. */
const promises = new Map(
  [...read('docs/testing.md').matchAll(/^- \[.+\]\(contract\/(\S+)\): (.+)$/gm)].map(([, section, list]) => [
    section!,
    list!,
  ]),
);

it('every section of the contract names the tests of its promises', () => {
  const pages = readdirSync(join(ROOT, 'docs/contract')).filter((page) => page !== 'README.md');
  const sections = pages.flatMap((page) =>
    [...anchorsOf(read(`docs/contract/${page}`).replace(/^# .+$/m, ''))].map((anchor) => `${page}#${anchor}`),
  );

  expect([...promises.keys()].sort()).toEqual(sections.sort());
  expect([...promises.values()].flatMap(unknownIn)).toEqual([]);
});

it('every invariant names its tests', () => {
  const [, table] = /^\| invariant \|.*\n.*\n((?:\|.*\n)+)/m.exec(read('docs/architecture.md'))!;
  const lists = table!
    .trim()
    .split('\n')
    .map((row) => row.split(' | ').at(-1)!.replace(/ \|$/, ''));

  expect(lists.length).toBeGreaterThan(30);
  expect(lists.flatMap(unknownIn)).toEqual([]);
});

it('tests of the run `npm test` start neither a browser nor a process of the server', () => {
  const starting = tests.filter(
    (path) =>
      /^test[/\\]e2e/.test(path) &&
      /\b(?:ServerProcess|adminCommand|execFile|spawn|describeInChromium|launchChromium)\b/.test(read(path)),
  );

  expect(starting).toEqual([]);
});
