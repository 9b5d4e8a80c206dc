import { globSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ENV_EXAMPLE, envExample } from '../../scripts/env-example.js';
import { parseEnvironment } from '../../src/config/parse-environment.js';
import { settingsIn } from '../../src/config/setting.js';
import { SETTINGS, VARIABLES } from '../../src/config/settings.js';

const settings = settingsIn(SETTINGS);
const example = readFileSync(ENV_EXAMPLE, 'utf8');

describe('.env.example', () => {
  it('is what npm run settings:write writes', () => {
    expect(example).toBe(envExample(settings));
  });

  it('shows the default of every setting, as the server reads it', () => {
    const filledIn = parseEnv(example.replaceAll(/^#(?=[A-Z])/gm, ''));
    const defaults = settings.map(({ names, defaultText }) => [names[0], defaultText ?? '']);

    expect(filledIn).toEqual(Object.fromEntries(defaults));
    expect(parseEnvironment(filledIn)).toEqual(parseEnvironment({}));
  });

  it('mentions only variables that the server reads', () => {
    const mentioned = example.match(/\b[A-Z]+(_[A-Z]+)+\b/g) ?? [];
    expect(mentioned.filter((variable) => !VARIABLES.includes(variable))).toEqual([]);
  });
});

describe('the documents', () => {
  /** `NAME` (10), and rows of tables with name and default. */
  const DEFAULT = /`([A-Z][A-Z_\d]+)`(?: \(([\d_.]+)(?: s)?\)| \| ([\d_.]+) \|)/g;
  const stated = globSync(['*.md', 'docs/**/*.md'])
    .filter((path) => path !== 'CHANGELOG.md' && !path.startsWith('docs/decisions/'))
    .flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(DEFAULT)].map(
        ([, name, inText, inTable]) => `${path}: ${name} ${inText ?? inTable}`,
      ),
    );
  const defaults = new Map(settings.map(({ names, defaultText }) => [names[0], defaultText]));

  it('state defaults that the settings have', () => {
    const wrong = stated.filter((statement) => {
      const [, name, value] = statement.split(' ');
      return defaults.get(name) !== value;
    });

    expect(stated.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });
});
