import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** SUPPORT.md states the rule. */
const REMOVAL = /\bremoved in (\d+\.\d+\.\d+)/i;
const LAST_WITHOUT_RULE = '## [0.5.0]';

type Node = {
  readonly deprecated?: boolean;
  readonly description?: string;
  readonly name?: string;
  readonly properties?: object;
};

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const json = (path: string): unknown => JSON.parse(text(path));

/** Descriptions of what is deprecated, by operation, name of a parameter or name of a property. */
function deprecatedIn(node: unknown, place = '', found = new Map<string, string>()): Map<string, string> {
  if (typeof node !== 'object' || node === null) return found;
  const { deprecated, description = '', name } = node as Node;
  if (deprecated === true) found.set(place.replace(/parameters\.\d+.*$/, `parameter ${name}`), description);
  for (const [key, value] of Object.entries(node)) {
    const inside = /(?:^|\.)properties$/.test(place) ? `property ${key}` : `${place}.${key}`;
    // A parameter says it twice, also in its schema.
    if (!(deprecated === true && key === 'schema')) deprecatedIn(value, inside, found);
  }
  return found;
}

/** Published names are not ours to remove, also where an answer of our own has the same property. */
function withoutRemoval(served: unknown, published: unknown): string[] {
  const theirs = deprecatedIn(published);
  return [...deprecatedIn(served)]
    .filter(([place, description]) => !theirs.has(place) && !REMOVAL.test(description))
    .map(([place]) => place);
}

/** Comments of settings that say so. */
const deprecatedSettings = (file: string) =>
  file.split(/\n(?!\s*# )/).filter((comment) => /\bdeprecated\b/i.test(comment));

/** The items below "Deprecated" in the sections since the rule. */
const announced = (changelog: string) =>
  changelog
    .slice(0, changelog.indexOf(LAST_WITHOUT_RULE))
    .split(/^### /m)
    .filter((section) => section.startsWith('Deprecated\n'))
    .flatMap((section) => section.split(/^(?:## |- )/m).slice(1));

describe('what is deprecated', () => {
  it('is found in operations, parameters and properties', () => {
    const operation = { deprecated: true, description: 'Removed in 9.0.0.' };
    const parameters = [{}, { name: 'old', deprecated: true, schema: { deprecated: true } }];
    const schemas = {
      A: { properties: { kept: {}, gone: { deprecated: true }, theirs: { deprecated: true } } },
    };
    const served = { paths: { '/a': { get: operation, post: { parameters } } }, components: { schemas } };
    const published = { components: { schemas: { B: { properties: { theirs: { deprecated: true } } } } } };

    expect(withoutRemoval(served, published)).toEqual(['.paths./a.post.parameter old', 'property gone']);
  });

  it('names the version that removes it in the description, unless the published API has it', () => {
    const [served, published] = [json('openapi/served.json'), json('openapi/published.lock.json')];

    expect(deprecatedIn(published).size).toBeGreaterThan(5);
    expect(withoutRemoval(served, published)).toEqual([]);
  });

  it.each(['.env.example', 'deploy/chart/values.yaml'])('names it in the settings of %s', (path) => {
    const sample = '# First.\n#A=\n# Deprecated,\n# removed in 1.0.0.\n#B=\n# Deprecated.\n#C=\n';
    expect(deprecatedSettings(sample).map((comment) => REMOVAL.test(comment))).toEqual([true, false]);
    expect(deprecatedSettings(text(path)).filter((comment) => !REMOVAL.test(comment))).toEqual([]);
  });

  it('names it in the changelog', () => {
    const sample =
      '## [Unreleased]\n\n### Deprecated\n\n- A: B.\n- C, removed in 1.0.0.\n\n## [0.5.0] - 2026-11-29\n';
    expect(announced(sample).map((item) => REMOVAL.exec(item)?.[1])).toEqual([undefined, '1.0.0']);
    expect(announced(text('CHANGELOG.md')).filter((item) => !REMOVAL.test(item))).toEqual([]);
  });

  it('is removed by the version that was named', () => {
    const { version } = json('package.json') as { version: string };
    const descriptions = [...deprecatedIn(json('openapi/served.json')).values()];
    const sources = [...descriptions, ...[text('.env.example'), text('deploy/chart/values.yaml')]];
    const named = sources
      .flatMap((each) => [...each.matchAll(new RegExp(REMOVAL, 'gi'))])
      .map(([, at]) => at!);
    const isPast = (at: string) => at.localeCompare(version, 'en', { numeric: true }) <= 0;

    expect(['0.4.0', version, '99.0.0'].filter(isPast)).toEqual(['0.4.0', version]);
    expect(named.filter(isPast)).toEqual([]);
  });
});
