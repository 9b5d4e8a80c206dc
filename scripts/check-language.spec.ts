import { describe, expect, it } from '@jest/globals';
import { findBannedWords, titleProblem, titlesIn } from './check-language.ts';

const wordsIn = (text: string) => findBannedWords(text).map(({ word }) => word);

describe('check-language', () => {
  it.each([
    ['Null when nobody has this credential', ['nobody']],
    ['const nobodysDigest = takeTurns(openDoor);', ['nobodys', 'turns', 'door']],
    ['export const TAKE_TURNS = 1;', ['turns']],
    ['the rights of the caller when he asks for his own', ['he', 'his']],
    ['it takes the header at its word', ['takes the header at its word']],
  ])('finds the banned words in %j', (text, words) => {
    expect(wordsIn(text)).toEqual(words);
  });

  it.each([
    'break-glass access, BreakGlassWindow and break_glass_passwords',
    'a password and the keywords of a filter',
    'the switch turns single sign-on off, and it is turned on later',
    'a cost of 12 rounds',
    'This is here, there and elsewhere; the headers',
    'eyJhbGciOiJIUzI1NiJ9He1',
  ])('accepts the standard terms in %j', (text) => {
    expect(wordsIn(text)).toEqual([]);
  });

  it('accepts the system user nobody in its own file only', () => {
    const text = 'const NOBODY = 65534;';

    expect(findBannedWords(text, 'src/database/embedded/system-user.ts')).toEqual([]);
    expect(findBannedWords(text, 'src/main.ts')).toMatchObject([{ line: 1, word: 'nobody' }]);
  });

  it.each([
    ['is fast', 'fewer than 4 words'],
    ['with a session that has expired', 'starts with a preposition'],
    ['returns 404 for an unknown workspace', null],
  ])('judges the test title %j', (title, problem) => {
    expect(titleProblem(title)).toBe(problem);
  });

  it('reads the titles of plain and of table tests', () => {
    const text = `describe('x', () => { it('one two', f); it.each([['a']])('three %s', f); test.only('four', f); });`;

    expect(titlesIn('a.spec.ts', text).map(({ title }) => title)).toEqual(['one two', 'three %s', 'four']);
  });
});
