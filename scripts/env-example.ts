/** `npm run settings:write`: writes `.env.example` from the table of settings and its comments. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Setting } from '../src/config/setting.js';

export const ENV_EXAMPLE = fileURLToPath(new URL('../.env.example', import.meta.url));
const TABLES = ['server-settings.ts', 'sign-in-settings.ts', 'settings.ts'];
const WIDTH = 120;

const HEAD = `
# Every setting, with its default. None is needed to start; an empty one counts as absent.
# Booleans are true, false, 1 or 0. If values are wrong, the start reports all of them together and starts nothing.
# A secret may be in a file instead, whose path is given as the same name with _FILE: API_KEY_SALT_FILE=/run/secrets/salt.
# A line break at the end of the file is left out.
`;

export function envExample(settings: readonly Setting[]): string {
  const described = new Set<Setting>();
  const parts = TABLES.flatMap((name) => {
    const source = readFileSync(new URL(`../src/config/${name}`, import.meta.url), 'utf8');
    return source.split('/**').flatMap((part) => {
      const [comment, code] = part.includes('*/') ? (part.split('*/') as [string, string]) : ['', part];
      const variable = /^\s*\w+: (?:setting|secret)\([\s[]*'(\w+)'/.exec(code)?.[1];
      const setting = settings.find(({ names }) => names[0] === variable);
      if (setting) described.add(setting);
      return [...(setting ? [describe(setting, comment)] : []), ...headingsIn(code)];
    });
  });
  const undescribed = settings.filter((setting) => !described.has(setting)).map(({ names }) => names[0]);
  if (undescribed.length > 0) throw new Error(`Settings without a comment: ${undescribed.join(', ')}`);
  return `${[HEAD.trim(), ...parts].join('\n')}\n`;
}

/** Lines such as `// --- Mail ---`. */
const headingsIn = (code: string): string[] =>
  code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('// --- '))
    .map((line) => line.slice('// --- '.length, -' ---'.length))
    .map((heading) => `\n# --- ${heading} ${'-'.repeat(71 - heading.length)}\n`);

function describe({ names: [name, ...aliases], defaultText }: Setting, comment: string): string {
  const words = comment
    .split('\n')
    .flatMap((line) => line.trim().replace(/^\*/, '').split(' '))
    .filter(Boolean);
  const lines = [...wrap(words), ...aliases.map((alias) => `Also read as ${alias}.`)];
  return `${lines.map((line) => `# ${line}\n`).join('')}#${name}=${quoted(defaultText ?? '')}`;
}

function wrap(words: readonly string[]): string[] {
  const lines = [''];
  for (const word of words) {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (line.length > WIDTH - 2) lines.push(word);
    else lines[lines.length - 1] = line;
  }
  return lines;
}

/** `#` would begin a comment, and a shell reads `&`. */
const quoted = (text: string) => (/[#&]/.test(text) ? `'${text}'` : text);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  execFileSync(process.execPath, [fileURLToPath(new URL('build.mjs', import.meta.url))]);
  const built = (name: string) => import(new URL(`../dist/src/config/${name}.js`, import.meta.url).href);
  const { SETTINGS } = (await built('settings')) as typeof import('../src/config/settings.js');
  const { settingsIn } = (await built('setting')) as typeof import('../src/config/setting.js');
  writeFileSync(ENV_EXAMPLE, envExample(settingsIn(SETTINGS)));
}
