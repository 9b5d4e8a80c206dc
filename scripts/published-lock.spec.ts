import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Json } from './openapi/json.ts';
import { lockOf } from './openapi/published-lock.ts';
import { differences } from './openapi-differences.ts';

const served = JSON.parse(readFileSync(new URL('../openapi/served.json', import.meta.url), 'utf8')) as Json;

describe('the lock of a published description', () => {
  it('keeps everything that is compared', () => {
    const lock = lockOf(served);

    for (const [published, other] of [
      [served, lock],
      [lock, served],
    ] as const)
      expect(differences(published, other)).toEqual({ differences: [], additions: [], missing: [] });
  });

  it('does not change when the lock is locked again', () => {
    expect(lockOf(lockOf(served))).toEqual(lockOf(served));
  });

  it('drops prose but keeps a property with the name "description"', () => {
    const schema = {
      type: 'object',
      title: 'T',
      properties: { description: { type: 'string', title: 'D' } },
    };
    const lock = lockOf({
      openapi: '3.1.0',
      paths: { '/a': { get: { summary: 's', responses: { 200: { description: 'OK' } } } } },
      components: { schemas: { A: schema } },
    });

    expect(lock).toMatchObject({
      paths: { '/a': { get: { responses: { 200: {} } } } },
      components: { schemas: { A: { type: 'object', properties: { description: { type: 'string' } } } } },
    });
    expect(JSON.stringify(lock)).not.toMatch(/"OK"|"title":"[TD]"|"summary"/);
  });
});
