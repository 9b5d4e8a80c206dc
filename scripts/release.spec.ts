import { describe, expect, it } from '@jest/globals';
import { releaseNotes, releaseProblems } from './release.js';

const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- Not yet.

## [1.10.0] - 2026-12-01

See [upgrades](docs/upgrades.md#going-back), [the form](https://keepachangelog.com) and [below](#fixed).

### Fixed

- What 1.1.0 broke:
  \`a](b\`.
- And more.

## [1.1.0] - 2026-11-01

- Earlier.

## [1.0.0] - 2026-10-01
`;

describe('the notes of a release', () => {
  it('are the section of exactly this version', () => {
    const notes = releaseNotes(CHANGELOG, '1.10.0');

    expect(notes).toMatch(/^See \[upgrades\]/);
    expect(notes).toMatch(/- And more\.$/);
    expect(releaseNotes(CHANGELOG, '1.1.0')).toBe('- Earlier.');
  });

  it('have one line for each paragraph and item', () => {
    expect(releaseNotes(CHANGELOG, '1.10.0').split('\n').slice(2)).toEqual([
      '### Fixed',
      '',
      '- What 1.1.0 broke: `a](b`.',
      '- And more.',
    ]);
  });

  it('lead to files at an address, and leave other links as they are', () => {
    const [line] = releaseNotes(CHANGELOG, '1.10.0', 'https://example.com/blob/v1.10.0/').split('\n');

    expect(line).toBe(
      'See [upgrades](https://example.com/blob/v1.10.0/docs/upgrades.md#going-back), ' +
        '[the form](https://keepachangelog.com) and [below](#fixed).',
    );
  });

  it.each(['1.0.0', '1.10', '2.0.0', 'Unreleased'])('are missing for %s', (version) => {
    expect(() => releaseNotes(CHANGELOG, version)).toThrow(`notes for ${version}`);
  });
});

describe('a release', () => {
  const places = new Map([['Chart.yaml', '1.10.0']]);

  it('is allowed where the tag, all files and the changelog agree', () => {
    expect(releaseProblems('1.10.0', places, CHANGELOG, 'v1.10.0')).toEqual([]);
    expect(releaseProblems('1.10.0', places, CHANGELOG)).toEqual([]);
  });

  it.each([
    ['another tag', '1.10.0', 'v1.10.1', 'The tag is v1.10.1, not v1.10.0.'],
    ['a tag without v', '1.10.0', '1.10.0', 'The tag is 1.10.0, not v1.10.0.'],
    ['a file of another version', '1.1.0', 'v1.1.0', 'Chart.yaml has 1.10.0, package.json has 1.1.0.'],
    ['no notes', '2.0.0', 'v2.0.0', 'CHANGELOG.md has no dated section with notes for 2.0.0.'],
    ['a pre-release', '2.0.0-rc.1', 'v2.0.0-rc.1', 'package.json: 2.0.0-rc.1 is not MAJOR.MINOR.PATCH.'],
  ])('is refused for %s', (_, version, tag, problem) => {
    expect(releaseProblems(version, places, CHANGELOG, tag)).toContain(problem);
  });

  it('is refused where a file has no version', () => {
    expect(releaseProblems('1.10.0', new Map([['served.json', undefined]]), CHANGELOG)).toEqual([
      'served.json has no version, package.json has 1.10.0.',
    ]);
  });
});
