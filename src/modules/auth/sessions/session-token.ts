import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import { UUID } from '../../../common/http/plain-values.js';
import { Config } from '../../../config/config.js';
import type { Session } from './session.entity.js';

const ALGORITHM = 'HS256';
const ISSUER = 'tenantry';
const AUDIENCE = 'tenantry-api';

/**
 * The signed form of a session (RFC 7519). It carries the session's id and no right: whether the session still
 * lives, and what its person may do, is read anew on each request.
 */
@Injectable()
export class SessionToken {
  private readonly key: KeyObject;

  constructor(config: Config) {
    this.key = createSecretKey(Buffer.from(config.basicAuth.jwtSecret, 'utf8'));
  }

  sign(session: Pick<Session, 'id' | 'userId' | 'createdAt' | 'expiresAt'>): Promise<string> {
    return new SignJWT({ sid: session.id })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setSubject(session.userId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(session.createdAt)
      .setExpirationTime(session.expiresAt)
      .sign(this.key);
  }

  /** Null when it is not one of ours, was changed, or has expired. */
  async verify(token: string): Promise<{ sessionId: string } | null> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM], // RFC 8725, section 3.1: never the token's own choice
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['sub', 'exp', 'sid'],
      });
      const { sid } = payload;
      return typeof sid === 'string' && UUID.test(sid) ? { sessionId: sid } : null;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
