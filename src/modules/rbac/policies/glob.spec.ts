import { describe, expect, it } from '@jest/globals';
import { matchesGlob } from './glob.js';

describe('a pattern', () => {
  it.each([
    ['chatbot', 'chatbot'],
    ['chatbot-*', 'chatbot-eu'],
    ['chatbot-*', 'chatbot-'],
    ['*-eu', 'chatbot-eu'],
    ['*', ''],
    ['*', 'anything'],
    ['**', 'anything'],
    ['', ''],
    ['a*b*c', 'a-b-b-c'],
    ['a*bc', 'abbbc'],
    ['*aab', 'aaaaab'],
    ['team-?', 'team-a'],
    ['?', '😀'],
    ['??', 'äö'],
    ['a?*', 'ab'],
    ['*?*', 'x'],
    ['a.c', 'a.c'],
    ['[ab]', '[ab]'],
    ['a\\*', 'a\\b'],
    ['*', 'two\nlines'],
  ])('%j fits %j', (pattern, text) => {
    expect(matchesGlob(pattern, text)).toBe(true);
  });

  it.each([
    ['chatbot', 'chatbots'],
    ['chatbot', 'a chatbot'],
    ['chatbot-*', 'chatbot'],
    ['*-eu', 'chatbot-eu-1'],
    ['', 'a'],
    ['a', ''],
    ['?', ''],
    ['?', 'ab'],
    ['a?*', 'a'],
    ['a.c', 'abc'],
    ['[ab]', 'a'],
    ['a|b', 'a'],
    ['Team', 'team'],
    ['a*b*c', 'a-c-b'],
  ])('%j does not fit %j', (pattern, text) => {
    expect(matchesGlob(pattern, text)).toBe(false);
  });

  /** As a regular expression (`.*a.*a…b`) this does not end: the test would run into its time limit. */
  it('made to be tried in every way is refused at once', () => {
    expect(matchesGlob(`${'*a'.repeat(127)}*b`, 'a'.repeat(256))).toBe(false);
  });
});
