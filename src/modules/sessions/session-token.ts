import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { UUID } from '../../common/http/operations/value-checks.js';
import { Config } from '../../config/config.js';
import type { Session } from './session.entity.js';

const HEADER = { alg: 'HS256', typ: 'JWT' };
const ISSUER = 'tenantry';
const AUDIENCE = 'tenantry-api';
/** RFC 7515, section 7.1: the signing input (header and claims), then the signature. */
const COMPACT_FORM = /^(([\w-]+)\.([\w-]+))\.([\w-]+)$/;

type Json = Readonly<Record<string, unknown>>;

/** Times in seconds since the Unix epoch. */
export type VerifiedToken = {
  readonly sessionId: string;
  readonly notBefore: number;
  readonly expiresAt: number;
};

/**
 * RFC 7519, with only the session id. Synchronous, because WebCrypto would queue behind password hashes in libuv's
 * thread pool (docs/contract/passwords.md#login-throttling).
 */
@Injectable()
export class SessionToken {
  private readonly key: KeyObject;

  constructor(config: Config) {
    this.key = createSecretKey(Buffer.from(config.basicAuth.jwtSecret, 'utf8'));
  }

  sign(session: Pick<Session, 'id' | 'userId' | 'createdAt' | 'expiresAt'>): string {
    const claims = {
      sid: session.id,
      sub: session.userId,
      iss: ISSUER,
      aud: AUDIENCE,
      iat: inSeconds(session.createdAt),
      exp: inSeconds(session.expiresAt),
    };
    const signed = `${encode(HEADER)}.${encode(claims)}`;
    return `${signed}.${this.hmac(signed).toString('base64url')}`;
  }

  /** Null if the token is not ours or was modified. The caller compares its validity with the database's clock. */
  verify(token: string): VerifiedToken | null {
    const [, signed, header, claims, signature] = (COMPACT_FORM.exec(token) ?? []) as string[];
    if (!signed || !header || !claims || !signature || !this.isSignature(signature, signed)) return null;
    return isOurHeader(decode(header)) ? readClaims(decode(claims)) : null;
  }

  private isSignature(text: string, signed: string): boolean {
    const signature = Buffer.from(text, 'base64url');
    const expected = this.hmac(signed);
    const isCanonical = signature.toString('base64url') === text; // the decoder ignores trailing bits
    return isCanonical && signature.length === expected.length && timingSafeEqual(signature, expected);
  }

  private hmac(text: string): Buffer {
    return createHmac('sha256', this.key).update(text).digest();
  }
}

/** RFC 8725, section 3.1: the algorithm is fixed; RFC 7515, section 4.1.11: no critical extension is supported. */
const isOurHeader = (header: Json | null): boolean =>
  header?.['alg'] === HEADER.alg && header['typ'] === HEADER.typ && !('crit' in header);

function readClaims(claims: Json | null): VerifiedToken | null {
  const { sid, sub, iss, aud, exp, nbf = 0 } = claims ?? {};
  if (iss !== ISSUER || aud !== AUDIENCE || typeof sub !== 'string') return null;
  if (typeof exp !== 'number' || typeof nbf !== 'number') return null;
  return typeof sid === 'string' && UUID.test(sid)
    ? { sessionId: sid, notBefore: nbf, expiresAt: exp }
    : null;
}

const inSeconds = (time: Date): number => Math.floor(time.getTime() / 1000);
const encode = (part: Json): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** Null if it is not a JSON object. */
function decode(part: string): Json | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && !Array.isArray(value) ? (value as Json | null) : null;
  } catch {
    return null;
  }
}
