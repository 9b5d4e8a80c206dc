import { describe, expect, it } from '@jest/globals';
import { matchesGlob } from './glob.js';

describe('matchesGlob', () => {
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
  ])('the pattern %j matches %j', (pattern, text) => {
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
  ])('the pattern %j does not match %j', (pattern, text) => {
    expect(matchesGlob(pattern, text)).toBe(false);
  });

  /** An equivalent regular expression (`.*a.*a…b`) would run into the time limit of the test. */
  it('evaluates a pattern that needs exponential backtracking in bounded time', () => {
    expect(matchesGlob(`${'*a'.repeat(127)}*b`, 'a'.repeat(256))).toBe(false);
  });
});
