import { InvalidIdToken } from './provider.errors.js';
import type { SsoIdentity } from './sso-identity.js';
import { type IdTokenClaims, isSubject } from './id-token.js';
import type { Claims } from './signed-token.js';

/** Builds the identity from an ID token and the UserInfo response that belongs to it. */
export function toSsoIdentity(token: IdTokenClaims, userInfo: Claims, subjectClaim: string): SsoIdentity {
  const subject = token[subjectClaim]; // never from UserInfo, which is not signed
  if (!isSubject(subject)) throw new InvalidIdToken('subject');
  const claims = { ...userInfo, ...token };
  const username = text(claims['preferred_username']);
  return {
    issuer: token.iss,
    subject,
    ...emailOf(token, userInfo),
    fullName: nameOf(claims),
    username,
    claims,
  };
}

/** The address and its verification must refer to each other: `email_verified` counts only beside the same address. */
function emailOf(token: Claims, userInfo: Claims): Pick<SsoIdentity, 'email' | 'emailIsVerified'> {
  const sources = [token, userInfo].filter(({ email }) => text(email) !== null);
  const email = text(sources[0]?.['email']);
  const asserted = sources
    .filter((source) => source['email'] === sources[0]?.['email'])
    .map(({ email_verified: verified }) => verified)
    .find((verified) => verified !== undefined && verified !== null);
  return { email, emailIsVerified: asserted === undefined ? null : isTrue(asserted) };
}

/** AWS Cognito sends the string 'true'; every other value counts as not verified. */
const isTrue = (asserted: unknown) => asserted === true || asserted === 'true';

function nameOf({ name, given_name: given, family_name: family }: Claims): string | null {
  const parts = [text(given), text(family)].filter((part) => part !== null);
  return text(name) ?? (parts.join(' ') || null);
}

/** Null for blank text and for text with a NUL, which PostgreSQL cannot store. */
const text = (value: unknown): string | null =>
  typeof value === 'string' && !value.includes('\0') ? value.trim() || null : null;
