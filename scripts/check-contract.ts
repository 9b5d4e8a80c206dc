/** Command line of `npm run check:contract`; the rules are in `contract-citations.ts`. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { badCitations, readPages } from './contract-citations.ts';

const CHECKED = [
  'src',
  'test',
  'migrations',
  'scripts',
  'bench',
  'docs',
  'examples',
  'README.md',
  '.env.example',
];
const NOT_CHECKED = /^scripts\/contract-citations|\/__snapshots__\/|\.json$/;

const files = execFileSync('git', ['ls-files', '--', ...CHECKED], { encoding: 'utf8' }).split('\n');
const sources = files
  .filter((path) => path !== '' && !NOT_CHECKED.test(path) && existsSync(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
const bad = badCitations(sources, readPages('docs/contract'));
for (const { path, line, citation } of bad) console.error(`${path}:${line} ${citation}`);
console.error(`${bad.length} citations that do not resolve`);
process.exitCode = bad.length === 0 ? 0 : 1;
