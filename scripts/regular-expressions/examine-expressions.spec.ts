import { describe, expect, it } from '@jest/globals';
import { examineExpressions } from './examine-expressions.ts';
import { findExpressions } from './find-expressions.ts';

const find = (files: Record<string, string>) => findExpressions(new Map(Object.entries(files)));

const sourcesIn = (files: Record<string, string>) => find(files).expressions.map(({ source }) => source);

describe('findExpressions', () => {
  it('finds literals and RegExp of strings, each once with all places', () => {
    const text = `const a = /x+/gi;\nuse(/x+/gi, new RegExp('y*', 'u'), RegExp("z"));`;

    expect(find({ 'a.ts': text })).toEqual({
      expressions: [
        { source: 'x+', flags: 'gi', places: ['a.ts:1', 'a.ts:2'] },
        { source: 'y*', flags: 'u', places: ['a.ts:2'] },
        { source: 'z', flags: '', places: ['a.ts:2'] },
      ],
      unreadable: [],
    });
  });

  it('reads constants of the same file and of other files', () => {
    const files = {
      'src/a.ts': 'export const DIGITS = /\\d+/u; const HEX = String.raw`[\\da-f]`;\nRegExp(`^${HEX}*$`);',
      'src/b/b.ts': "import { DIGITS as D } from '../a.js';\nnew RegExp(`^(?:${D.source})$`);",
    };

    expect(sourcesIn(files)).toEqual(['\\d+', '^[\\da-f]*$', '^(?:\\d+)$']);
  });

  it('reports expressions that are built from values of the run', () => {
    const { expressions, unreadable } = find({ 'a.ts': 'const f = (x) => new RegExp(`^${x}$`);' });

    expect(expressions).toEqual([]);
    expect(unreadable).toEqual([{ text: 'new RegExp(`^${x}$`)', place: 'a.ts:1' }]);
  });
});

describe('examineExpressions', () => {
  it.each([
    ['\\d+$', 'takes 2nd degree polynomial time'],
    ['\\bVersion/\\S+.*\\bSafari/', 'takes 3rd degree polynomial time'],
    ['^(a|a)*$', 'takes exponential time'],
    ['(', 'is undecided (invalid)'],
  ])('refuses the expression %s', async (source, problem) => {
    const [verdict] = await examineExpressions([{ source, flags: '', places: [] }]);

    expect(verdict?.problem).toContain(problem);
  });

  it('accepts what takes linear time', async () => {
    const verdicts = await examineExpressions(
      ['^\\d+$', '^[^@]+@[^@]+$', '/$'].map((source) => ({ source, flags: '', places: [] })),
    );

    expect(verdicts.map(({ problem }) => problem)).toEqual([null, null, null]);
  });
});
