import { IdTokenRefused } from '../provider.errors.js';
import type { SsoIdentity } from '../sso-identity.js';
import { type IdTokenClaims, isSubject } from './id-token.js';
import type { Claims } from './signed-token.js';

/** The person in an ID token and in the UserInfo that belongs to it. */
export function identityOf(token: IdTokenClaims, userInfo: Claims, subjectClaim: string): SsoIdentity {
  const subject = token[subjectClaim]; // of the signed one only
  if (!isSubject(subject)) throw new IdTokenRefused('subject');
  const claims = { ...userInfo, ...token };
  return { issuer: token.iss, subject, ...emailOf(token, userInfo), fullName: nameOf(claims), claims };
}

/** An address and whether it is verified come from one place: one's word is nothing about the other's address. */
function emailOf(token: Claims, userInfo: Claims): Pick<SsoIdentity, 'email' | 'emailIsVerified'> {
  const sources = [token, userInfo].filter(({ email }) => text(email) !== null);
  const email = text(sources[0]?.['email']);
  const said = sources
    .filter((source) => source['email'] === sources[0]!['email'])
    .map(({ email_verified: verified }) => verified)
    .find((verified) => verified !== undefined && verified !== null);
  return { email, emailIsVerified: said === undefined ? null : isTrue(said) };
}

/** Some providers write it as a text (AWS Cognito); whatever else stands there is no yes. */
const isTrue = (said: unknown) => said === true || said === 'true';

function nameOf({ name, given_name: given, family_name: family }: Claims): string | null {
  const parts = [text(given), text(family)].filter((part) => part !== null);
  return text(name) ?? (parts.join(' ') || null);
}

/** PostgreSQL keeps no NUL. */
const text = (value: unknown): string | null =>
  typeof value === 'string' && !value.includes('\0') ? value.trim() || null : null;
