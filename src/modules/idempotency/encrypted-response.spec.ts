import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decryptResponse, encryptResponse } from './encrypted-response.js';

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
