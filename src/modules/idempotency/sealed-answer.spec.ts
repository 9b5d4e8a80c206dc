import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { openAnswer, sealAnswer } from './sealed-answer.js';

const key = randomBytes(32);
const answer = { status: 200, body: [{ id: 'one', key: 'lsv2_sk_secret', at: null, name: 'Zoë' }] };

describe('a sealed answer', () => {
  it('opens to what was answered', () => {
    expect(openAnswer(key, sealAnswer(key, answer))).toEqual(answer);
    expect(openAnswer(key, sealAnswer(key, { status: 204, body: undefined }))).toEqual({ status: 204 });
  });

  it('differs each time', () => {
    expect(sealAnswer(key, answer)).not.toEqual(sealAnswer(key, answer));
  });

  it('does not open with another key', () => {
    expect(() => openAnswer(randomBytes(32), sealAnswer(key, answer))).toThrow();
  });

  it('does not open when a single bit of it was changed, wherever', () => {
    const sealed = sealAnswer(key, answer);
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index]! ^= 1;
      expect(() => openAnswer(key, changed)).toThrow();
    }
    expect(() => openAnswer(key, sealed.subarray(0, 20))).toThrow();
  });

  it('of a large batch is a fraction of its text', () => {
    const body = Array.from({ length: 500 }, (_, n) => ({
      id: randomBytes(16).toString('hex'),
      email: `person-${n}@example.com`,
      access_scope: 'organization',
      workspace_ids: [],
      role_name: 'Organization User',
      created_at: '2026-01-01T00:00:00.000Z',
    }));

    expect(sealAnswer(key, { status: 200, body }).length).toBeLessThan(JSON.stringify(body).length / 4);
  });
});
