import { type BlockList, isIP } from 'node:net';
import type { SessionMethod } from '../../common/access/principal.js';
import { unique } from '../../common/collections.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { blockList, familyOf } from '../../common/http/network-addresses.js';
import type { Org } from './org.entity.js';

/** How users have to have signed in at the identity provider (docs/decisions/0108). */
export type SignInRequirement = Pick<Org, 'requiredAcr' | 'requiredAmr' | 'maxAuthenticationAge'>;

/** What the signed ID token of a sign-in says about it (OpenID Connect Core 1.0, section 2). */
export type Authentication = {
  /** Null, like the others: the provider does not say. */
  readonly acr: string | null;
  readonly amr: readonly string[] | null;
  /** Since `auth_time`. */
  readonly ageSeconds: number | null;
};

export type MeasuredSignIn = SignInRequirement & Authentication;

/** The first part of a requirement that a sign-in does not meet. */
export type UnmetRequirement = 'acr' | 'amr' | 'age';

/** Of a session without single sign-on. */
export const NO_AUTHENTICATION: Authentication = { acr: null, amr: null, ageSeconds: null };

const CLOCK_SKEW_SECONDS = 60; // a later time is none that a user can have signed in at

export function unmetBy(
  { acr, amr, ageSeconds }: Authentication,
  { requiredAcr, requiredAmr, maxAuthenticationAge }: SignInRequirement,
): UnmetRequirement | null {
  if (requiredAcr.length > 0 && (acr === null || !requiredAcr.includes(acr))) return 'acr';
  if (!requiredAmr.every((method) => amr?.includes(method))) return 'amr';
  if (maxAuthenticationAge === null) return null;
  return ageSeconds !== null && ageSeconds > -CLOCK_SKEW_SECONDS && ageSeconds < maxAuthenticationAge
    ? null
    : 'age';
}

/** What a session lacks to act in the organization; keys, which are none, and sessions of break-glass access lack nothing. */
export const unmetInOrg = (signIn: MeasuredSignIn | null, method: SessionMethod | null) =>
  signIn === null || method === null || method === 'break-glass' ? null : unmetBy(signIn, signIn);

/** Asked inside a change: the module of tokens says how the owner had signed in when the token was created. Null: unknown. */
export class SignInOfTokenRequested {
  signIn: (Authentication & { readonly method: SessionMethod }) | null = null;
  constructor(readonly tokenId: string) {}
}

export const requiresNothing = ({ requiredAcr, requiredAmr, maxAuthenticationAge }: SignInRequirement) =>
  requiredAcr.length === 0 && requiredAmr.length === 0 && maxAuthenticationAge === null;

/** The parameters with which a client asks the provider for it: of the authorization request, and of RFC 9470, section 3. */
export const stepUpParameters = ({ requiredAcr, maxAuthenticationAge }: SignInRequirement) => ({
  ...(requiredAcr.length > 0 ? { acr_values: requiredAcr.join(' ') } : {}),
  ...(maxAuthenticationAge === null ? {} : { max_age: String(maxAuthenticationAge) }),
});

export type RequirementChanges = {
  [Field in keyof SignInRequirement]?: SignInRequirement[Field] | undefined;
};

/** The requirement with the fields of a change that are not undefined. */
export const withChanges = (
  { requiredAcr, requiredAmr, maxAuthenticationAge }: SignInRequirement,
  changes: RequirementChanges,
): SignInRequirement => ({
  requiredAcr: changes.requiredAcr ?? requiredAcr,
  requiredAmr: changes.requiredAmr ?? requiredAmr,
  maxAuthenticationAge:
    changes.maxAuthenticationAge === undefined ? maxAuthenticationAge : changes.maxAuthenticationAge,
});

const MAX_VALUES = 10;
/** A quoted string and a list with spaces contain them as they are (RFC 9470, section 3). */
const VALUE = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/;
export const isAcrOrAmr = (text: string): boolean => VALUE.test(text);
const [MIN_AGE, MAX_AGE] = [300, 7_776_000]; // 5 minutes, 90 days

type Requested = {
  readonly required_acr?: readonly string[] | null;
  readonly required_amr?: readonly string[] | null;
  readonly max_authentication_age?: number | null;
};

/** Absent fields are undefined: unchanged. */
export const fromRequested = (body: Requested) => ({
  requiredAcr: body.required_acr === undefined ? undefined : unique(body.required_acr ?? []),
  requiredAmr: body.required_amr === undefined ? undefined : unique(body.required_amr ?? []),
  maxAuthenticationAge: body.max_authentication_age,
});

export function requirementProblems(body: Requested): Problem[] {
  const age = body.max_authentication_age ?? MIN_AGE;
  const msg = `Input should be a number of seconds from ${MIN_AGE} to ${MAX_AGE}`;
  return [
    ...valueProblems('required_acr', body.required_acr ?? []),
    ...valueProblems('required_amr', body.required_amr ?? []),
    ...(age < MIN_AGE || age > MAX_AGE
      ? [{ loc: ['body', 'max_authentication_age'], msg, type: 'value_error' }]
      : []),
  ];
}

function valueProblems(field: string, values: readonly string[]): Problem[] {
  const loc = ['body', field];
  if (values.length > MAX_VALUES)
    return [{ loc, msg: `List should have at most ${MAX_VALUES} items`, type: 'too_long' }];
  const msg = 'Input should be 1 to 100 visible ASCII characters without spaces, quotes and backslashes';
  return values.flatMap((value, index) =>
    isAcrOrAmr(value) ? [] : [{ loc: [...loc, index], msg, type: 'value_error' }],
  );
}

const MAX_NETWORKS = 100;
const NETWORK = /^(?<address>[\d.a-f:]+)(?:\/(?<bits>\d{1,3}))?$/i;
const BITS = new Map([
  [4, 32],
  [6, 128],
]);

/** By list: a cached caller keeps it, so that it is parsed once. */
const parsed = new WeakMap<readonly string[], BlockList>();

/** `address`: null if it is unknown. */
type Origin = { readonly sessionMethod: SessionMethod | null; readonly address: string | null };

/** Whether the list accepts requests from there. An empty one accepts all; break-glass sessions are always accepted. */
export function acceptsRequest(networks: readonly string[], { sessionMethod, address }: Origin): boolean {
  if (networks.length === 0 || sessionMethod === 'break-glass') return true;
  if (address === null) return false;
  let list = parsed.get(networks);
  if (!list) parsed.set(networks, (list = blockList(networks)));
  return list.check(address, familyOf(address));
}

/** Problems of the `ip_allowlist` in a request. */
export function allowlistProblems(networks: readonly string[] | null | undefined): Problem[] {
  if (!networks) return [];
  const loc = ['body', 'ip_allowlist'];
  if (networks.length > MAX_NETWORKS)
    return [{ loc, msg: `List should have at most ${MAX_NETWORKS} items`, type: 'too_long' }];
  const msg = "Input should be an IP address or a network such as '192.0.2.0/24'";
  return networks.flatMap((network, index) =>
    isNetwork(network) ? [] : [{ loc: [...loc, index], msg, type: 'value_error' }],
  );
}

function isNetwork(text: string): boolean {
  const { address = '', bits } = NETWORK.exec(text)?.groups ?? {};
  const most = BITS.get(isIP(address));
  return most !== undefined && (bits === undefined || Number(bits) <= most);
}
