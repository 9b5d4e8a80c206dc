import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DECISIONS = join(ROOT, 'docs/decisions');
const files = readdirSync(DECISIONS).filter((name) => /^\d{4}-.*\.md$/.test(name));
const numbers = new Set(files.map((name) => name.slice(0, 4)));
const PARTS = [/^# \d{4} \S/m, /^status: (accepted|superseded by \d{4})$/m, /^date: \d{4}-\d\d-\d\d$/m];
const SECTIONS = ['Context', 'Decision', 'Consequences'];

it('every decision record has a number of its own', () => {
  expect(numbers.size).toBe(files.length);
});

it.each(files)('%s has title, status, date, context, decision and consequences', (name) => {
  const text = readFileSync(join(DECISIONS, name), 'utf8');
  for (const part of PARTS) expect(text).toMatch(part);
  for (const section of SECTIONS) expect(text).toContain(`\n## ${section}\n`);
  expect(text).toContain(`\n# ${name.slice(0, 4)} `);
});

it('the index lists every decision record', () => {
  const index = readFileSync(join(DECISIONS, 'README.md'), 'utf8');
  expect(files.filter((name) => !index.includes(`](${name})`))).toEqual([]);
});

it('every link in the documents resolves to a file', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', ...markdownIn('docs')];
  const broken = documents.flatMap((document) =>
    linksOf(document)
      .filter((target) => !existsSync(join(ROOT, dirname(document), target)))
      .map((target) => `${document}: ${target}`),
  );
  expect(broken).toEqual([]);
});

it('every decision that the sources cite has a record', () => {
  const cited = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [
      ...readFileSync(join(ROOT, 'src', name), 'utf8').matchAll(/docs\/decisions\/(\d{4})/g),
    ])
    .map(([, number]) => number!);
  expect(cited.filter((number) => !numbers.has(number))).toEqual([]);
});

function markdownIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

/** Link targets inside the repository, without their anchors. */
function linksOf(document: string): string[] {
  const path = join(ROOT, document);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));
}
