import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeHelpSite } from './help-site.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenantry-help-'));
  writeHelpSite(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (file: string) => readFileSync(join(folder, file), 'utf8');

it('every relative link and picture of the help has its target', () => {
  const files = globSync('**/*.html', { cwd: folder });
  const links = files.flatMap((file) =>
    [...read(file).matchAll(/ (?:href|src)="(?![a-z]+:)([^"#]*)(?:#([^"]*))?"/g)].map(
      ([, path = '', anchor]) => ({ file, target: path ? join(dirname(file), path) : file, anchor }),
    ),
  );
  const broken = links.filter(({ target, anchor }) => {
    if (!existsSync(join(folder, target))) return true;
    return anchor !== undefined && !read(target).includes(` id="${decodeURIComponent(anchor)}"`);
  });

  expect(links.length).toBeGreaterThan(500);
  expect(broken).toEqual([]);
});

it('the first page leads to every other one, and none runs a script', () => {
  const all = globSync('**/*.html', { cwd: folder });
  const listed = [...read('index.html').matchAll(/<li><a href="([^"]+)"/g)].map(([, file = '']) => file);

  expect(new Set(listed)).toEqual(new Set(all.filter((file) => file !== 'index.html')));
  for (const file of all) expect(read(file)).not.toMatch(/<script|javascript:/);
});
