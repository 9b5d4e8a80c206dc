import { describe, expect, it } from '@jest/globals';
import type { Principal } from '../../common/access/principal.js';
import { UnusableIdempotencyKey } from './idempotency.errors.js';
import { idempotencyKey, keyedRequest } from './keyed-request.js';

const CALLER = {
  credential: { kind: 'session', id: 's1' },
  orgId: 'o1',
  workspaceId: 'w1',
  request: { method: 'POST', path: '/things' },
} as Principal;

const keyed = (change: { salt?: string; key?: string; by?: object; body?: unknown } = {}) => {
  const { salt = 'salt', key = 'key', by = {}, body = { a: 1 } } = change;
  const { digest, fingerprint, responseKey } = keyedRequest(salt, key, { ...CALLER, ...by }, body);
  return {
    digest: digest.toString('hex'),
    fingerprint: fingerprint.toString('hex'),
    responseKey: responseKey.toString('hex'),
  };
};
const FIRST = keyed();

describe('keyedRequest', () => {
  it('is equal for a repeated request', () => {
    expect(keyed()).toEqual(FIRST);
    expect(keyed({ body: JSON.parse('{ "a" : 1 }') })).toEqual(FIRST);
  });

  it.each([
    ['key', { key: 'kex' }],
    ['credential', { by: { credential: { kind: 'session', id: 's2' } } }],
    ['kind of credential', { by: { credential: { kind: 'service-key', id: 's1' } } }],
    ['organization', { by: { orgId: 'o2' } }],
    ['installation', { salt: 'other' }],
  ])('has another digest and response key for another %s', (_what, change) => {
    const other = keyed(change);
    expect(other.digest).not.toBe(FIRST.digest);
    expect(other.responseKey).not.toBe(FIRST.responseKey);
  });

  it.each([
    ['body', { body: { a: 2 } }],
    ['absent body', { body: null }],
    ['workspace', { by: { workspaceId: 'w2' } }],
    ['route', { by: { request: { method: 'POST', path: '/others' } } }],
    ['method', { by: { request: { method: 'PUT', path: '/things' } } }],
  ])('has the same digest and another fingerprint for another %s', (_what, change) => {
    const other = keyed(change);
    expect(other.digest).toBe(FIRST.digest);
    expect(other.fingerprint).not.toBe(FIRST.fingerprint);
  });

  it('separates the parts that it digests', () => {
    const parts = (id: string, orgId: string) =>
      keyed({ by: { credential: { kind: 'session', id }, orgId } });
    expect(parts('a', 'bc').digest).not.toBe(parts('ab', 'c').digest);
  });

  it('derives three different values', () => {
    expect(new Set(Object.values(FIRST)).size).toBe(3);
  });
});

describe('idempotencyKey', () => {
  it('accepts an absent header and any printable text, quoted or not', () => {
    expect(idempotencyKey(undefined)).toBeNull();
    expect(idempotencyKey('"8e03978e-40d5-43dd-bc93-6894a57f9324"')).toBe(
      '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
    );
    expect(idempotencyKey('k'.repeat(255))).toHaveLength(255);
  });

  it.each([[''], ['k'.repeat(256)], ['ké'], ['a\tb'], [['a', 'b']]])(
    'rejects the header value %j',
    (header) => {
      expect(() => idempotencyKey(header)).toThrow(UnusableIdempotencyKey);
    },
  );
});
