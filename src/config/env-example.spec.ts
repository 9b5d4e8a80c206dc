import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { SETTINGS } from './setting-names.js';
import { spellingsOf } from './secret-variables.js';
import { parseEnvironment } from './parse-environment.js';
import { FEATURE_FLAGS, FEATURE_FLAG_NAMES } from './feature-flags.js';

const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');

/** The file with every setting uncommented. */
const filledIn = parseEnv(example.replaceAll(/^#(?=[A-Z])/gm, ''));

describe('.env.example', () => {
  it('lists every setting under its recommended name, and nothing else', () => {
    expect(Object.keys(filledIn).sort()).toEqual(SETTINGS.map(([first]) => first).sort());
  });

  it('mentions the alias directly above the setting', () => {
    for (const [first, ...others] of SETTINGS) {
      for (const other of others) expect(example).toContain(`# Also read as ${other}.\n#${first}=`);
    }
  });

  it('mentions only variables that the server reads', () => {
    const spoken = example.match(/\b[A-Z]+(_[A-Z]+)+\b/g) ?? [];
    const known = SETTINGS.flat().flatMap(spellingsOf);
    expect(spoken.filter((variable) => !known.includes(variable))).toEqual([]);
  });

  it('shows the default of every setting', () => {
    expect(parseEnvironment(filledIn)).toEqual(parseEnvironment({}));
  });

  it('leaves only settings without a default empty', () => {
    const { flags, ...defaults } = parseEnvironment({});
    for (const name of FEATURE_FLAG_NAMES) {
      expect(filledIn).toHaveProperty(FEATURE_FLAGS[name].variables[0], String(flags[name] ?? ''));
    }
    for (const [variable, value] of Object.entries(defaults)) {
      expect(filledIn).toHaveProperty(variable, String(value ?? ''));
    }
  });

  it('explains each flag as the table of flags does', () => {
    for (const { meaning, variables } of Object.values(FEATURE_FLAGS)) {
      const above = example.slice(0, example.indexOf(`\n#${variables[0]}=`));
      expect(above.split('\n').slice(-2).join('\n')).toContain(`# ${meaning}`);
    }
  });
});
