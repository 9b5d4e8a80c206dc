import { describe, expect, it } from '@jest/globals';
import { generatePassword, passwordProblems } from './password-rule.js';

describe('passwordProblems', () => {
  it('accepts twelve characters with a lowercase letter, an uppercase letter and a symbol', () => {
    expect(passwordProblems('abcdefghijK!')).toEqual([]);
  });

  it('does not require a digit', () => {
    expect(passwordProblems('Correct-Horse-Battery')).toEqual([]);
  });

  it.each([
    ['eleven characters', 'abcdefghiK!', /at least 12/],
    ['no lowercase letter', 'ABCDEFGHIJK!', /lowercase/],
    ['no uppercase letter', 'abcdefghijk!', /uppercase/],
    ['no symbol', 'abcdefghijKL', /symbols/],
    ['1001 characters', `aK!${'x'.repeat(998)}`, /at most 1000/],
    ['a NUL', 'abcdefghijK!\0', /NUL/],
  ])('reports exactly one problem for a password with %s', (_what, password, problem) => {
    expect(passwordProblems(password)).toEqual([expect.stringMatching(problem)]);
  });

  it.each('!#$%()+,-./:?@[\\]^_{}~'.split(''))('counts %s as a symbol', (symbol) => {
    expect(passwordProblems(`abcdefghijK${symbol}`)).toEqual([]);
  });

  it.each('&*=;<>|"\'` €'.split(''))('does not count %s as a symbol', (character) => {
    expect(passwordProblems(`abcdefghijK${character}`)).toEqual([expect.stringMatching(/symbols/)]);
  });

  it('reports all problems at once', () => {
    expect(passwordProblems('')).toHaveLength(4);
  });
});

describe('generatePassword', () => {
  const passwords = Array.from({ length: 500 }, () => generatePassword());

  it('generates passwords that satisfy the rule', () => {
    expect(passwords.flatMap(passwordProblems)).toEqual([]);
  });

  it('generates 24 characters without ambiguous ones', () => {
    expect(passwords.filter((password) => !/^[a-km-zA-HJ-NP-Z2-9%+\-@^_]{24}$/.test(password))).toEqual([]);
  });

  it('generates distinct passwords from the whole alphabet', () => {
    expect(new Set(passwords.join('')).size).toBe(63);
    expect(new Set(passwords).size).toBe(passwords.length);
  });
});
