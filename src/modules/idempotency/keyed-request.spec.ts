import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Principal } from '../../common/access/principal.js';
import { UnusableIdempotencyKey } from './idempotency.errors.js';
import { decryptResponse, encryptResponse, idempotencyKey, keyedRequest } from './keyed-request.js';

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
  it('accepts any printable text, quoted or not', () => {
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

const key = randomBytes(32);
const response = { status: 200, body: [{ id: 'one', key: 'lsv2_sk_secret', at: null, name: 'Zoë' }] };

describe('encryptResponse', () => {
  it('is decrypted to the original response', () => {
    expect(decryptResponse(key, encryptResponse(key, response))).toEqual(response);
    expect(decryptResponse(key, encryptResponse(key, { status: 204, body: undefined }))).toEqual({
      status: 204,
    });
  });

  it('encrypts the same response differently each time', () => {
    expect(encryptResponse(key, response)).not.toEqual(encryptResponse(key, response));
  });

  it('cannot be decrypted with another key', () => {
    expect(() => decryptResponse(randomBytes(32), encryptResponse(key, response))).toThrow();
  });

  it('cannot be decrypted after a change of any single bit', () => {
    const encrypted = encryptResponse(key, response);
    for (let index = 0; index < encrypted.length; index += 1) {
      const changed = Buffer.from(encrypted);
      changed[index]! ^= 1;
      expect(() => decryptResponse(key, changed)).toThrow();
    }
    expect(() => decryptResponse(key, encrypted.subarray(0, 20))).toThrow();
  });

  it('compresses a large batch to a fraction of its text', () => {
    const body = Array.from({ length: 500 }, (_, n) => ({
      id: randomBytes(16).toString('hex'),
      email: `person-${n}@example.com`,
      access_scope: 'organization',
      workspace_ids: [],
      role_name: 'Organization User',
      created_at: '2026-01-01T00:00:00.000Z',
    }));

    expect(encryptResponse(key, { status: 200, body }).length).toBeLessThan(JSON.stringify(body).length / 4);
  });
});
