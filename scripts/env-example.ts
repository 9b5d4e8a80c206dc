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

/** A heading, or a comment and the setting below it. */
const ENTRY =
  /\/\/ --- (?<heading>.+) ---|\/\*\*(?<comment>(?:[^*]|\*(?!\/))*)\*\/\s*\w+: (?:setting|secret)\([\s[]*'(?<name>\w+)'/g;

export function envExample(settings: readonly Setting[]): string {
  const source = TABLES.map((name) =>
    readFileSync(new URL(`../src/config/${name}`, import.meta.url), 'utf8'),
  );
  const entries = [...source.join('').matchAll(ENTRY)].map(({ groups }) => groups!);
  const uncommented = settings.filter(({ names }) => !entries.some(({ name }) => name === names[0]));
  if (uncommented.length > 0)
    throw new Error(`Without a comment: ${uncommented.map(({ names }) => names[0])}`);
  const parts = entries.map(({ heading, comment, name }) =>
    heading === undefined
      ? describe(
          settings.find(({ names }) => names[0] === name)!,
          comment!,
        )
      : `\n# --- ${heading} ${'-'.repeat(71 - heading.length)}\n`,
  );
  return `${[HEAD.trim(), ...parts].join('\n')}\n`;
}

function describe({ names: [name, ...aliases], defaultText }: Setting, comment: string): string {
  const words = comment
    .replaceAll(/^\s*\*/gm, ' ')
    .trim()
    .split(/\s+/);
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
