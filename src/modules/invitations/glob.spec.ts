import { expect, it } from '@jest/globals';
import { likePattern } from './glob.js';

it.each([
  ['ann', 'ann', 'no star: the whole text'],
  ['*@example.com', '%@example.com', 'a star is any characters'],
  ['a**b', 'a%b', 'two stars are no more than one'],
  ['50%_off', '50\\%\\_off', "LIKE's own wildcards are letters"],
  ['C:\\*', 'C:\\\\%', 'a backslash is a letter, and does not take the star away'],
  ['a?b[c]', 'a?b[c]', 'other wildcards of shells are letters'],
])('%s becomes %s: %s', (glob, pattern) => {
  expect(likePattern(glob)).toBe(pattern);
});
