import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';

/** The header of HTTP Basic (RFC 7617), in UTF-8. */
export const basicAuth = (email: string, password: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${email}:${password}`, 'utf8').toString('base64')}`,
});

type Claims = Record<string, unknown>;

/** The claims of a session token, without verification. */
export const claimsOf = (token: string): Claims =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8')) as Claims;

/** A token signed with HS256 and the given secret. */
export function signedToken(
  claims: Claims,
  secret: string,
  header: Claims = { alg: 'HS256', typ: 'JWT' },
): string {
  const body = [header, claims].map(encoded).join('.');
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

/** An unsecured JWS (RFC 7515, appendix A.5), which must be refused. */
export const unsignedToken = (claims: Claims): string =>
  `${[{ alg: 'none', typ: 'JWT' }, claims].map(encoded).join('.')}.`;

/** A key of valid form and checksum that was never issued (docs/contract/keys.md#key-format). */
export function randomKey(prefix = 'lsv2_pt_'): string {
  const body = prefix + randomBytes(16).toString('hex');
  return `${body}_${createHash('sha256').update(body).digest('hex').slice(0, 10)}`;
}

/** Changes of a valid session token, each of which must make it invalid. */
export function tamperedTokens(token: string, secret: string): [what: string, token: string][] {
  const claims = claimsOf(token);
  const changed = (change: Claims) => signedToken({ ...claims, ...change }, secret);
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const other = encoded({ ...claims, sid: randomUUID() });
  return [
    ['alg none', unsignedToken(claims)],
    ['alg none with the old signature', `${encoded({ alg: 'none' })}.${payload}.${signature}`],
    ['another secret', signedToken(claims, 'another-secret-of-decent-length-for-it')],
    ['an empty secret', signedToken(claims, '')],
    ['HS512 announced', signedToken(claims, secret, { alg: 'HS512', typ: 'JWT' })],
    ['another type announced', signedToken(claims, secret, { alg: 'HS256', typ: 'at+jwt' })],
    ['a critical extension', signedToken(claims, secret, { alg: 'HS256', typ: 'JWT', crit: ['exp'] })],
    ['HS256 in other letters', signedToken(claims, secret, { alg: 'hs256', typ: 'JWT' })],
    ['padding', `${token}=`],
    ['base64 in place of base64url', `${header}.${payload}.${signature.slice(0, -2)}+/`],
    ['a fourth part', `${token}.${signature}`],
    ['a signature with stray bits', `${header}.${payload}.${withStrayBits(signature)}`],
    ['a signature cut short', `${header}.${payload}.${signature.slice(0, 22)}`],
    ['an expiry that is text', changed({ exp: String(claims['exp']) })],
    ['a validity that begins later', changed({ nbf: Math.floor(Date.now() / 1000) + 3600 })],
    ['another payload', `${header}.${other}.${signature}`],
    ['no signature', `${header}.${payload}.`],
    ['two parts', `${header}.${payload}`],
    ['another audience', changed({ aud: 'another-api' })],
    ['no audience', changed({ aud: undefined })],
    ['another issuer', changed({ iss: 'another-issuer' })],
    ['expired', changed({ exp: Math.floor(Date.now() / 1000) - 3600 })],
    ['no expiry', changed({ exp: undefined })],
    ['no session', changed({ sid: undefined })],
    ['a session that never was', changed({ sid: randomUUID() })],
    ['a session id that is SQL', changed({ sid: "' or true --" })],
  ];
}

/** Decodes to the same 32 bytes: the last of its 43 characters has two unused bits. */
function withStrayBits(signature: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return signature.slice(0, -1) + alphabet[alphabet.indexOf(signature.at(-1)!) ^ 1]!;
}

const encoded = (part: Claims): string => Buffer.from(JSON.stringify(part)).toString('base64url');
