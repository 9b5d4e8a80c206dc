import { expect, it } from '@jest/globals';
import { secretDigest } from './secret-digest.js';

it('the digest of a secret is HMAC-SHA-256 under the salt (RFC 4231, test case 2)', () => {
  expect(secretDigest('Jefe', 'what do ya want for nothing?').toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});
