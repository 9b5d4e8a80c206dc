import { globSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const quoted = [...text('CONTRIBUTING.md').matchAll(/`([^`\n]+)`|^\s*(npm .*)$/gm)].map(
  ([, inline, line]) => inline ?? line ?? '',
);
const source = globSync('src/**/*.ts')
  .filter((file) => !file.endsWith('.spec.ts'))
  .map(text)
  .join('\n');

/** A file or folder, or the beginning of one's name, as `npm test` takes it. */
const exists = (path: string) =>
  globSync(path.endsWith('/') ? path.slice(0, -1) : [path, `${path}*`]).length > 0;

it('CONTRIBUTING.md names only files that exist', () => {
  const paths = quoted
    .flatMap((words) => words.split(/[\s,]+/))
    .filter((word) => /^(?:src|test|docs|scripts|migrations)\/[^<*]+$|^\.[a-z]/.test(word));

  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !exists(path))).toEqual([]);
});

it('CONTRIBUTING.md names only scripts of package.json', () => {
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
  const names = quoted.flatMap((words) => [...words.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name!));

  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !(name in scripts))).toEqual([]);
});

it('CONTRIBUTING.md names only decorators, classes and constants that the code has', () => {
  const names = quoted.flatMap((word) => /^@?([A-Z]\w+)(?:\.(?!md$).*)?$/.exec(word)?.[1] ?? []);
  const unknown = names.filter(
    (name) => !['GET', 'POST'].includes(name) && !new RegExp(String.raw`\b${name}\b`).test(source),
  );

  expect(names.length).toBeGreaterThan(10);
  expect(unknown).toEqual([]);
});
