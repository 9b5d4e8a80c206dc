import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';

/** In seconds since the Unix epoch. */
export const now = () => Math.floor(Date.now() / 1000);

/** The claims of a valid logout token for a subject without a session. */
export const logoutClaims = (issuer: string, changes: object = {}): JWTPayload => ({
  iss: issuer,
  aud: 'tenantry',
  iat: now(),
  exp: now() + 120,
  jti: randomUUID(),
  sub: 'unknown',
  events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  ...changes,
});
