import { describe, expect, it } from '@jest/globals';
import { attempt } from './attempt.js';
import type { Outbound, OutboundResponse } from './outbound.js';
import { OutboundFailed } from './outbound.errors.js';

const attemptWith = (send: () => Promise<OutboundResponse>) =>
  attempt({ send } as unknown as Outbound, 'https://receiver.test', {
    headers: {},
    orgId: 'an organization',
  });

const answered = (response: Partial<OutboundResponse> & { text?: string }) =>
  attemptWith(() =>
    Promise.resolve({
      status: 200,
      headers: { 'content-type': 'text/plain' },
      body: Buffer.from(response.text ?? 'fine'),
      isFromPublicAddress: true,
      ...response,
    }),
  );

const failed = (...failure: ConstructorParameters<typeof OutboundFailed>) =>
  attemptWith(() => Promise.reject(new OutboundFailed(...failure)));

describe('an attempt', () => {
  it.each([
    [200, 'delivered'],
    [299, 'delivered'],
    [302, 'failed'],
    [410, 'gone'],
    [429, 'throttled'],
    [503, 'throttled'],
    [500, 'failed'],
  ])('calls status %i %s', async (status, outcome) => {
    expect(await answered({ status })).toMatchObject({ status: String(status), code: null, outcome });
  });

  it('shows of a private address only the class of the status', async () => {
    expect(await answered({ status: 404, isFromPublicAddress: false })).toMatchObject({
      status: '4xx',
      response: null,
    });
  });

  it('shows the first kilobyte of a text without control characters', async () => {
    const text = `a\u0000b\u001b[1m\u202e\n${'x'.repeat(2000)}`;

    expect((await answered({ text }))?.response).toBe(`ab[1m\n${'x'.repeat(1024 - 11)}`);
    const headers = { 'content-type': 'application/octet-stream' };
    expect((await answered({ text, headers }))?.response).toBeNull();
  });

  it.each([
    ['7', 7],
    ['9999999', 86_400],
    ['Sun, 29 Nov 2026 10:00:30 GMT', 30],
    ['Sun, 29 Nov 2026 09:00:00 GMT', 0],
    ['soon', null],
    [undefined, null],
  ])('reads Retry-After %s as %s seconds', async (retryAfter, seconds) => {
    const headers = {
      date: 'Sun, 29 Nov 2026 10:00:00 GMT',
      ...(retryAfter && { 'retry-after': retryAfter }),
    };

    expect((await answered({ status: 503, headers }))?.retryAfterSeconds).toBe(seconds);
  });

  it.each(['connection_failed', 'tls_failed', 'timed_out', 'invalid_response'] as const)(
    'says %s of a public address only',
    async (code) => {
      expect(await failed(code, { isFromPublicAddress: true })).toMatchObject({ code, outcome: 'failed' });
      expect(await failed(code)).toMatchObject({ code: 'connection_failed', status: null });
    },
  );

  it('returns null if no connection was free', async () => {
    expect(await failed('busy')).toBeNull();
  });
});
