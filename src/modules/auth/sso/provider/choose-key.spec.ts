import { describe, expect, it } from '@jest/globals';
import { acceptedAlgorithms, chooseKey } from './choose-key.js';

const first = { kty: 'RSA', kid: 'first' };
const second = { kty: 'RSA', kid: 'second' };
const elliptic = { kty: 'EC', crv: 'P-256', kid: 'elliptic' };

describe('the key of a token', () => {
  it.each<[string, object[], { alg: string; kid?: string }, object | string]>([
    ['is the one it names', [first, second], { alg: 'RS256', kid: 'second' }, second],
    [
      'may be of another kind than its neighbours',
      [first, elliptic],
      { alg: 'ES256', kid: 'elliptic' },
      elliptic,
    ],
    ['need not be named where there is one', [first], { alg: 'RS256' }, first],
    ['need not be named where there is one of its kind', [first, elliptic], { alg: 'RS256' }, first],
    ['is not guessed at', [first, second], { alg: 'RS256' }, 'ambiguous'],
    ['is not guessed at among two of one name', [first, first], { alg: 'RS256', kid: 'first' }, 'ambiguous'],
    ['is unknown when nobody has that name', [first], { alg: 'RS256', kid: 'third' }, 'unknown'],
    [
      'is unknown when the one of that name is of another kind',
      [first],
      { alg: 'ES256', kid: 'first' },
      'unknown',
    ],
    ['is unknown when its curve is another', [elliptic], { alg: 'ES384', kid: 'elliptic' }, 'unknown'],
    [
      'is unknown when it is for another algorithm',
      [{ ...first, alg: 'RS512' }],
      { alg: 'RS256', kid: 'first' },
      'unknown',
    ],
    [
      'is unknown when it is for encrypting',
      [{ ...first, use: 'enc' }],
      { alg: 'RS256', kid: 'first' },
      'unknown',
    ],
    [
      'is none that is shared',
      [{ kty: 'oct', kid: 'first', k: 'AA' }],
      { alg: 'RS256', kid: 'first' },
      'unknown',
    ],
  ])('%s', (_, keys, header, chosen) => {
    expect(chooseKey(keys as never, header)).toEqual(chosen);
  });
});

describe('accepted algorithms', () => {
  it('are those announced that only the holder of a private key can use', () => {
    const announced = ['none', 'HS256', 'HS512', 'RS256', 'ES256', 'EdDSA', 'constructor', 'rs256'];
    expect(acceptedAlgorithms(announced)).toEqual(['RS256', 'ES256', 'EdDSA']);
  });

  it('are RS256 alone when nothing is announced', () => {
    expect(acceptedAlgorithms(undefined)).toEqual(['RS256']);
  });
});
