import type { SsoTokens } from '../../../sessions/index.js';
import { InvalidIdToken } from './provider.errors.js';
import { type Claims, type IdTokenClaims, isSubject, LATEST_TIME } from './signed-tokens.js';

const MAX_METHODS = 20;

/** The user according to the identity provider, from a validated ID token and, where present, UserInfo. */
export type SsoIdentity = {
  readonly issuer: string;
  /** With the issuer, it identifies the login: `sub`, or another claim (docs/contract/sign-in.md#subject-claim). */
  readonly subject: string;
  /** Of the first claim of `OAUTH_EMAIL_CLAIM` that holds an address; as sent by the provider, not canonical. */
  readonly email: string | null;
  /** Null if the provider does not say. */
  readonly emailIsVerified: boolean | null;
  readonly fullName: string | null;
  /** `preferred_username`; identifies no one, because the user may change it at the provider. */
  readonly username: string | null;
  /** The claims of the ID token merged over those of UserInfo; used only for the groups claim. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Of the ID token alone, since UserInfo is not signed. */
  readonly authentication: SsoAuthentication;
};

/** How and when the user signed in at the provider; null: it does not say. */
type SsoAuthentication = {
  readonly acr: string | null;
  readonly amr: string[] | null;
  readonly authenticatedAt: Date | null;
  /** When the token arrived. */
  readonly ageSeconds: number | null;
};

export type SsoLogin = { readonly identity: SsoIdentity; readonly tokens: SsoTokens };

/** `identifier` names the claim of the subject, `emailClaims` those of the address; `now` is the database's time. */
export function toSsoIdentity(
  token: IdTokenClaims,
  userInfo: Claims,
  { identifier, emailClaims, now }: { identifier: string; emailClaims: readonly string[]; now: Date },
): SsoIdentity {
  const subject = token[identifier]; // never from UserInfo, which is not signed
  if (!isSubject(subject)) throw new InvalidIdToken('subject');
  const claims = { ...userInfo, ...token };
  return {
    issuer: token.iss,
    subject,
    ...emailOf([token, userInfo], emailClaims),
    fullName: nameOf(claims),
    username: text(claims['preferred_username']),
    claims,
    authentication: authenticationOf(token, now),
  };
}

/** Values of another form count as absent. */
function authenticationOf({ acr, amr, auth_time: time }: Claims, now: Date): SsoAuthentication {
  const isTime = typeof time === 'number' && time >= 0 && time <= LATEST_TIME;
  return {
    acr: isSubject(acr) ? acr : null,
    amr: Array.isArray(amr) ? amr.filter(isSubject).slice(0, MAX_METHODS) : null,
    authenticatedAt: isTime ? new Date(time * 1000) : null,
    ageSeconds: isTime ? now.getTime() / 1000 - time : null,
  };
}

type Email = Pick<SsoIdentity, 'email' | 'emailIsVerified'>;

/** Whatever claim holds the address, `email_verified` is about `email` alone (docs/contract/sign-in.md#e-mail-claim). */
function emailOf(sources: readonly Claims[], names: readonly string[]): Email {
  for (const name of names) {
    const email = sources.map((source) => addressIn(source[name])).find((address) => address !== null);
    if (email !== undefined)
      return { email, emailIsVerified: name === 'email' ? verificationOf(email, sources) : null };
  }
  return { email: null, emailIsVerified: null };
}

/** `email_verified` counts only beside the same address, and confirms no list of addresses. */
function verificationOf(address: string, sources: readonly Claims[]): boolean | null {
  const asserting = sources.find(
    ({ email, email_verified: verified }) => addressIn(email) === address && (verified ?? null) !== null,
  );
  if (!asserting) return null;
  const isVerified = isTrue(asserting['email_verified']);
  return isVerified && Array.isArray(asserting['email']) ? null : isVerified;
}

/** Of a list, the first value. */
function addressIn(value: unknown): string | null {
  const address = text(Array.isArray(value) ? value[0] : value);
  return address?.includes('@') ? address : null;
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

/** The issuers of all clouds of Entra ID, with those of its tokens of version 1.0. */
const ENTRA = [
  'https://login.microsoftonline.com/',
  'https://login.microsoftonline.us/',
  'https://login.partner.microsoftonline.cn/',
  'https://sts.windows.net/',
  'https://sts.chinacloudapi.cn/',
];

/** Entra's `sub` differs per application; its `oid` identifies the user and is the id that SCIM sends. */
const BUILT_IN = Object.fromEntries(ENTRA.map((issuer) => [issuer, 'oid']));

/**
 * The claim that identifies a user of this issuer. An entry matches its exact issuer and all issuers below it at a path
 * boundary; the longest match wins, configured entries before built-in ones (docs/contract/sign-in.md#subject-claim).
 */
export function subjectClaim(issuer: string, overrides: Readonly<Record<string, string>>): string {
  return longestMatch(issuer, overrides) ?? longestMatch(issuer, BUILT_IN) ?? 'sub';
}

function longestMatch(issuer: string, claims: Readonly<Record<string, string>>): string | undefined {
  const matches = Object.keys(claims).filter((entry) => isAtOrBelow(issuer, entry));
  const longest = matches.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : claims[longest];
}

const isAtOrBelow = (issuer: string, entry: string) =>
  issuer === entry || issuer.startsWith(entry.endsWith('/') ? entry : `${entry}/`);
