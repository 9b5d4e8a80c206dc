import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jwtVerify, UnsecuredJWT } from 'jose';
import type { Config } from '../../config/config.js';
import { SessionToken } from './session-token.js';

const configWith = (jwtSecret: string) => ({ basicAuth: { jwtSecret, sessionSeconds: 60 } }) as Config;
/** Long enough for HS512, too. */
const SECRET = 'a secret of the installation '.repeat(3);
const tokens = new SessionToken(configWith(SECRET));

const id = '0198c0de-0000-7000-8000-000000000001';
const userId = '0198c0de-0000-7000-8000-000000000002';
const session = (seconds: number) => {
  const createdAt = new Date();
  return { id, userId, createdAt, expiresAt: new Date(createdAt.getTime() + seconds * 1000) };
};

/** A token with these changes to header and claims, signed like ours whatever its header says. */
function signedToken(header: object, claims: object): string {
  const parts = [
    { alg: 'HS256', typ: 'JWT', ...header },
    { sid: id, sub: userId, iss: 'tenantry', aud: 'tenantry-api', exp: 60, ...claims },
  ];
  const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${createHmac('sha256', SECRET).update(input).digest('base64url')}`;
}

describe('SessionToken', () => {
  it('signs a token that names its session and when it expires', async () => {
    const signed = session(60);
    const expiresAt = Math.floor(signed.expiresAt.getTime() / 1000);
    expect(tokens.verify(tokens.sign(signed))).toEqual({ sessionId: id, notBefore: 0, expiresAt });
  });

  it('signs a JWT that other libraries can verify', async () => {
    const { payload, protectedHeader } = await jwtVerify(tokens.sign(session(60)), Buffer.from(SECRET), {
      algorithms: ['HS256'],
      issuer: 'tenantry',
      audience: 'tenantry-api',
    });
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(payload).toMatchObject({ sub: userId, sid: id });
    expect(payload.exp! - payload.iat!).toBe(60);
  });

  it('rejects a session token that was signed with another secret', async () => {
    const before = new SessionToken(configWith('the secret of last year, also long enough'));
    expect(tokens.verify(before.sign(session(60)))).toBeNull();
  });

  it('rejects a session token with modified claims', async () => {
    const [header, claims, signature] = tokens.sign(session(60)).split('.');
    const forged = Buffer.from(Buffer.from(claims!, 'base64url').toString().replace('0001', '0003')).toString(
      'base64url',
    );
    expect(tokens.verify([header, forged, signature].join('.'))).toBeNull();
  });

  it('rejects a session token without a signature', async () => {
    const unsigned = new UnsecuredJWT({ sid: id })
      .setSubject(userId)
      .setIssuer('tenantry')
      .setAudience('tenantry-api');
    expect(tokens.verify(unsigned.setExpirationTime('1m').encode())).toBeNull();
  });

  it('accepts a session token with our header and claims that was signed with our secret', () => {
    expect(tokens.verify(signedToken({}, {}))).toEqual({ sessionId: id, notBefore: 0, expiresAt: 60 });
  });

  it.each<[string, object, object]>([
    ['another algorithm', { alg: 'HS512' }, {}],
    ['the algorithm none', { alg: 'none' }, {}],
    ['another type', { typ: 'at+jwt' }, {}],
    ['a critical extension', { crit: ['b64'], b64: false }, {}],
    ['another issuer', {}, { iss: 'elsewhere' }],
    ['another audience', {}, { aud: 'elsewhere' }],
    ['no user', {}, { sub: undefined }],
    ['no expiry', {}, { exp: undefined }],
    ['a beginning that is no number', {}, { nbf: 'tomorrow' }],
    ['a session id that is no UUID', {}, { sid: 'nonsense' }],
  ])('rejects a session token with %s that our secret signed', (_, header, claims) => {
    expect(tokens.verify(signedToken(header, claims))).toBeNull();
  });

  it.each(['', 'nonsense', 'a.b.c'])('rejects %j as a session token', async (text) => {
    expect(tokens.verify(text)).toBeNull();
  });
});
