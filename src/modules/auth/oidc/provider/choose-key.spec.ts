import { describe, expect, it } from '@jest/globals';
import { acceptedAlgorithms, chooseKey } from './choose-key.js';

const first = { kty: 'RSA', kid: 'first' };
const second = { kty: 'RSA', kid: 'second' };
const elliptic = { kty: 'EC', crv: 'P-256', kid: 'elliptic' };

describe('chooseKey', () => {
  it.each<[string, object[], { alg: string; kid?: string }, object | string]>([
    ['the token names one of two keys', [first, second], { alg: 'RS256', kid: 'second' }, second],
    [
      'the named key has another type than the other keys',
      [first, elliptic],
      { alg: 'ES256', kid: 'elliptic' },
      elliptic,
    ],
    ['the token names no key and there is only one', [first], { alg: 'RS256' }, first],
    ['the token names no key and only one has its type', [first, elliptic], { alg: 'RS256' }, first],
    ['the token names no key and several have its type', [first, second], { alg: 'RS256' }, 'ambiguous'],
    ['two keys have the named key id', [first, first], { alg: 'RS256', kid: 'first' }, 'ambiguous'],
    ['no key has the named key id', [first], { alg: 'RS256', kid: 'third' }, 'unknown'],
    ['the named key has the wrong type', [first], { alg: 'ES256', kid: 'first' }, 'unknown'],
    ['the named key has another curve', [elliptic], { alg: 'ES384', kid: 'elliptic' }, 'unknown'],
    [
      'the named key is for another algorithm',
      [{ ...first, alg: 'RS512' }],
      { alg: 'RS256', kid: 'first' },
      'unknown',
    ],
    [
      'the named key is for encryption',
      [{ ...first, use: 'enc' }],
      { alg: 'RS256', kid: 'first' },
      'unknown',
    ],
    [
      'the named key is symmetric',
      [{ kty: 'oct', kid: 'first', k: 'AA' }],
      { alg: 'RS256', kid: 'first' },
      'unknown',
    ],
  ])('selects the key or reports why not when %s', (_, keys, header, chosen) => {
    expect(chooseKey(keys as never, header)).toEqual(chosen);
  });
});

describe('acceptedAlgorithms', () => {
  it('accepts only the announced asymmetric algorithms', () => {
    const announced = ['none', 'HS256', 'HS512', 'RS256', 'ES256', 'EdDSA', 'constructor', 'rs256'];
    expect(acceptedAlgorithms(announced)).toEqual(['RS256', 'ES256', 'EdDSA']);
  });

  it('accepts only RS256 when the provider announces no algorithms', () => {
    expect(acceptedAlgorithms(undefined)).toEqual(['RS256']);
  });
});
