import { describe, expect, it } from '@jest/globals';
import { credentialOf } from './credential.js';

const KEY = 'lsv2_pt_0123456789abcdef0123456789abcdef_29bd6be9dd';
/** A stub that returns the whole header as the token. */
const COOKIE = { readToken: (header: string | undefined) => header ?? null };
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln';

const of = (headers: Record<string, string | string[]>) => credentialOf(headers, COOKIE);

describe('credentialOf', () => {
  it('reads the key in X-API-Key', () => {
    expect(of({ 'x-api-key': KEY })).toEqual({ kind: 'api-key', value: KEY });
  });

  it('reads the session token in Authorization', () => {
    expect(of({ authorization: `Bearer ${TOKEN}` })).toEqual({
      kind: 'session-token',
      value: TOKEN,
    });
  });

  it('recognizes a key in Authorization by its prefix', () => {
    expect(of({ authorization: `bearer ${KEY}` })).toEqual({ kind: 'api-key', value: KEY });
  });

  it('prefers X-API-Key over Authorization, even if the key is malformed', () => {
    const headers = { 'x-api-key': 'nonsense', authorization: `Bearer ${TOKEN}` };
    expect(of(headers)).toEqual({ kind: 'api-key', value: 'nonsense' });
  });

  it('reads the session token when X-API-Key is empty', () => {
    const headers = { 'x-api-key': ' ', authorization: `Bearer ${TOKEN}` };
    expect(of(headers)).toEqual({ kind: 'session-token', value: TOKEN });
  });

  it('reads the cookie without another credential', () => {
    expect(of({ cookie: 'chip' })).toEqual({ kind: 'cookie', value: 'chip' });
    expect(of({ cookie: 'chip', authorization: 'Basic YUBiLmM6cHc=' })).toEqual({
      kind: 'cookie',
      value: 'chip',
    });
  });

  it.each([
    ['X-API-Key', { 'x-api-key': 'nonsense' }],
    ['Bearer', { authorization: 'Bearer nonsense' }],
  ])('ignores the cookie beside a malformed credential in %s', (_, headers) => {
    expect(of({ ...headers, cookie: 'chip' })?.value).toBe('nonsense');
  });

  it.each([
    ['no header', {}],
    ['the Basic scheme, which is for login only', { authorization: 'Basic YUBiLmM6cHc=' }],
    ['Bearer without a token', { authorization: 'Bearer ' }],
    ['a token without its scheme', { authorization: TOKEN }],
    ['two tokens', { authorization: `Bearer ${TOKEN} ${TOKEN}` }],
    ['a repeated header', { 'x-api-key': [KEY, KEY] }],
  ])('returns null for a request with %s', (_, headers) => {
    expect(of(headers)).toBeNull();
  });
});
