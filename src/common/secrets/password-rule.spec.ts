import { describe, expect, it } from '@jest/globals';
import { generatePassword, passwordProblems } from './password-rule.js';

describe('passwordProblems', () => {
  it('has nothing against twelve characters with a small letter, a capital and a symbol', () => {
    expect(passwordProblems('abcdefghijK!')).toEqual([]);
  });

  it('asks for no digit', () => {
    expect(passwordProblems('Correct-Horse-Battery')).toEqual([]);
  });

  it.each([
    ['eleven characters', 'abcdefghiK!', /at least 12/],
    ['no small letter', 'ABCDEFGHIJK!', /lowercase/],
    ['no capital', 'abcdefghijk!', /uppercase/],
    ['no symbol', 'abcdefghijKL', /symbols/],
    ['1001 characters', `aK!${'x'.repeat(998)}`, /at most 1000/],
    ['a NUL', 'abcdefghijK!\0', /NUL/],
  ])('refuses %s, and only for that', (_what, password, problem) => {
    expect(passwordProblems(password)).toEqual([expect.stringMatching(problem)]);
  });

  it.each('!#$%()+,-./:?@[\\]^_{}~'.split(''))('counts %s as a symbol', (symbol) => {
    expect(passwordProblems(`abcdefghijK${symbol}`)).toEqual([]);
  });

  it.each('&*=;<>|"\'` €'.split(''))('does not count %s as a symbol', (character) => {
    expect(passwordProblems(`abcdefghijK${character}`)).toEqual([expect.stringMatching(/symbols/)]);
  });

  it('names all problems at once', () => {
    expect(passwordProblems('')).toHaveLength(4);
  });
});

describe('generatePassword', () => {
  const passwords = Array.from({ length: 500 }, () => generatePassword());

  it('always satisfies the rule', () => {
    expect(passwords.flatMap(passwordProblems)).toEqual([]);
  });

  it('gives 24 characters, none of which can be taken for another', () => {
    expect(passwords.filter((password) => !/^[a-km-zA-HJ-NP-Z2-9%+\-@^_]{24}$/.test(password))).toEqual([]);
  });

  it('draws from the whole alphabet and never repeats itself', () => {
    expect(new Set(passwords.join('')).size).toBe(63);
    expect(new Set(passwords).size).toBe(passwords.length);
  });
});
