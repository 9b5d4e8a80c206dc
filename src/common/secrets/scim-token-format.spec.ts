import { expect, it } from '@jest/globals';
import { looksLikeScimToken, newScimToken, shortScimToken } from './scim-token-format.js';

it('a new token is the prefix and 43 unique base64url characters', () => {
  const tokens = Array.from({ length: 100 }, newScimToken);

  for (const token of tokens) expect(token).toMatch(/^lsv2_scim_[A-Za-z0-9_-]{43}$/);
  expect(tokens.every(looksLikeScimToken)).toBe(true);
  expect(new Set(tokens).size).toBe(100);
});

it.each([
  '',
  'lsv2_scim_',
  `lsv2_scim_${'a'.repeat(42)}`,
  `lsv2_scim_${'a'.repeat(44)}`,
  `lsv2_sk_${'a'.repeat(43)}`,
])('the text %j is not accepted as a token', (text) => {
  expect(looksLikeScimToken(text)).toBe(false);
});

it('shortScimToken shows the first and last four characters', () => {
  expect(shortScimToken(`lsv2_scim_abcd${'x'.repeat(35)}wxyz`)).toBe('lsv2_scim_abcd...wxyz');
});
