import { describe, expect, it } from '@jest/globals';
import { credentialOf } from './credential.js';

const KEY = 'lsv2_pt_0123456789abcdef0123456789abcdef_29bd6be9dd';
/** As far as it matters here: the whole header is the token. */
const COOKIE = { readToken: (header: string | undefined) => header ?? null };
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln';

const of = (headers: Record<string, string | string[]>) => credentialOf(headers, COOKIE);

describe('the credential of a request', () => {
  it('is the key in X-API-Key', () => {
    expect(of({ 'x-api-key': KEY })).toEqual({ kind: 'api-key', value: KEY });
  });

  it('is the session token in Authorization', () => {
    expect(of({ authorization: `Bearer ${TOKEN}` })).toEqual({
      kind: 'session-token',
      value: TOKEN,
    });
  });

  it('is a key also in Authorization, told by its prefix', () => {
    expect(of({ authorization: `bearer ${KEY}` })).toEqual({ kind: 'api-key', value: KEY });
  });

  it('is the key when both headers are there, even if the key is none', () => {
    const headers = { 'x-api-key': 'nonsense', authorization: `Bearer ${TOKEN}` };
    expect(of(headers)).toEqual({ kind: 'api-key', value: 'nonsense' });
  });

  it('is the session token when X-API-Key is empty', () => {
    const headers = { 'x-api-key': ' ', authorization: `Bearer ${TOKEN}` };
    expect(of(headers)).toEqual({ kind: 'session-token', value: TOKEN });
  });

  it('is the cookie when no header says otherwise', () => {
    expect(of({ cookie: 'chip' })).toEqual({ kind: 'cookie', value: 'chip' });
    expect(of({ cookie: 'chip', authorization: 'Basic YUBiLmM6cHc=' })).toEqual({
      kind: 'cookie',
      value: 'chip',
    });
  });

  it.each([
    ['X-API-Key', { 'x-api-key': 'nonsense' }],
    ['Bearer', { authorization: 'Bearer nonsense' }],
  ])('is never the cookie beside %s', (_, headers) => {
    expect(of({ ...headers, cookie: 'chip' })?.value).toBe('nonsense');
  });

  it.each([
    ['no header', {}],
    ['Basic, which is for logging in', { authorization: 'Basic YUBiLmM6cHc=' }],
    ['Bearer without a token', { authorization: 'Bearer ' }],
    ['a token without its scheme', { authorization: TOKEN }],
    ['two tokens', { authorization: `Bearer ${TOKEN} ${TOKEN}` }],
    ['a repeated header', { 'x-api-key': [KEY, KEY] }],
  ])('is missing: %s', (_, headers) => {
    expect(of(headers)).toBeNull();
  });
});
