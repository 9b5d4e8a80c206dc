import { expect, it } from '@jest/globals';
import { likePattern } from './enriched-member-filter.statements.js';

it.each([
  ['ann', 'ann', 'a glob without a star matches the whole text'],
  ['*@example.com', '%@example.com', 'a star matches any characters'],
  ['a**b', 'a%b', 'two stars equal one'],
  ['50%_off', '50\\%\\_off', 'wildcards of LIKE are escaped'],
  ['C:\\*', 'C:\\\\%', 'a backslash is escaped and does not escape the star'],
  ['a?b[c]', 'a?b[c]', 'other shell wildcards are literal'],
])('converts the glob %s to the pattern %s: %s', (glob, pattern) => {
  expect(likePattern(glob)).toBe(pattern);
});
