import {
  Flag,
  Instant,
  Integer,
  ListOf,
  Nested,
  NULLISH,
  OneOf,
  Text,
  TextList,
  Uuid,
  WireName,
} from '../common/http/operations/fields.decorator.js';

export class BasicAuthResponse {
  @Text() access_token: string;
}

@WireName('authn.PublicAuthInfo')
export class PublicAuthInfo {
  @Text({ optional: true }) ls_user_id?: string;
  @Text({ optional: true }) organization_id?: string;
  @Text({ optional: true }) tenant_id?: string;
  @Text({ optional: true }) user_email?: string;
  @Text({ optional: true }) user_id?: string;
}

/** Where the browser ends the session at the identity provider; null if it does not have to. */
export class LogoutResponse {
  @Text({ nullable: true }) logout_url: string | null;
}

export class AllowedLoginMethodsUpdate {
  @Flag(NULLISH) sso_only?: boolean | null;
}

/** An organization in which the user had access until a date. */
export class EndedOwnAccess {
  @Uuid() organization_id: string;
  @Text() organization_name: string;
  @Instant() ended_at: string;
  @Text({
    nullable: true,
    description: 'Of an admin of the organization; null if somebody else set the end.',
  })
  set_by_name: string | null;
}

/** Not in the published API: a session of the caller. */
export class OwnSession {
  @Uuid() id: string;
  /** `password`, `sso` or `break-glass`. */
  @Text() method: string;
  @Instant() created_at: string;
  @Instant() expires_at: string;
  @Instant({ nullable: true }) last_used_at: string | null;
  @Text({ nullable: true }) browser: string | null;
  @Text({ nullable: true }) platform: string | null;
  @Text({ nullable: true }) user_agent: string | null;
  @Text({ nullable: true }) client_host: string | null;
  @Flag() is_current: boolean;
  /** What the identity provider reports about the sign-in (OpenID Connect Core 1.0, section 2); null: it does not say. */
  @Text({ nullable: true }) acr: string | null;
  @TextList({ nullable: true }) amr: string[] | null;
  @Instant({ nullable: true }) authenticated_at: string | null;
}

/** Not in the published API: the sessions of a member, without addresses and browsers. */
export class MemberSessions {
  @Integer({ minimum: 0 }) count: number;
  /** Or opened; null if there are none. */
  @Instant({ nullable: true }) last_used_at: string | null;
}

/** Not in the published API, like the other classes of password links. */
export class PasswordLinkRequest {
  @Text() email: string;
}

export class PasswordLinkToken {
  @Text() token: string;
}

export class PasswordByLink {
  @Text() token: string;
  @Text() password: string;
  /** Revokes the personal access tokens of the account, too. */
  @Flag({ default: false }) revoke_tokens?: boolean;
}

export class PasswordLinkInfo {
  /** Of the account whose password the link sets. */
  @Text() email: string;
  /** `invitation`, `account` or `forgotten`. */
  @Text() purpose: string;
  /** Who invites, or whose admin made the account or the link; null for a forgotten password. */
  @Text({ nullable: true }) organization_name: string | null;
  @Instant() expires_at: string;
}

export class PasswordSet {
  @Text() email: string;
}

export class HandedOverPasswordLink {
  @Text() token: string;
  /** Null without LANGSMITH_URL; the page that takes the token is known to the front end then. */
  @Text({ nullable: true }) url: string | null;
  @Instant() expires_at: string;
}

/** Not in the published API: a test of single sign-on, and where to send the browser. */
export class TestSignIn {
  @Uuid() test_id: string;
  /** Null: the test has failed already, and its result can be read. */
  @Text({ nullable: true }) url: string | null;
  @Instant() expires_at: string;
}

/** `waiting`: the browser has not returned. `refused`: the provider signs the person in, this installation does not. */
const TEST_STATUSES = ['waiting', 'passed', 'refused', 'failed'] as const;

const TEST_STEPS = [
  'discovery',
  'pushed_authorization_request',
  'authorization',
  'token_endpoint',
  'key_set',
  'id_token',
  'user_info',
  'decision',
] as const;

class TestSignInFailure {
  @OneOf(TEST_STEPS, 'TestSignInStep') step: (typeof TEST_STEPS)[number];
  /** The error code with which such a sign-in fails (docs/errors.md). */
  @Text() code: string;
  /** What was found, as in the server's log; it has no value of a token except the issuer. */
  @Text({ nullable: true }) reason: string | null;
  /** The message for the person who signs in. */
  @Text() message: string;
}

const CLAIM_USES = [
  'subject',
  'email',
  'email_verified',
  'name',
  'given_name',
  'family_name',
  'username',
  'groups',
  'acr',
  'amr',
  'auth_time',
] as const;

class TestSignInClaim {
  @OneOf(CLAIM_USES, 'TestSignInClaimUse') used_for: (typeof CLAIM_USES)[number];
  @Text() name: string;
  /** A text as it is read, another value as JSON; null if the provider did not send it. */
  @Text({ nullable: true }) value: string | null;
}

const GROUP_GIFTS = ['admin', 'workspace', 'malformed', 'unknown', 'unconfirmed', 'ambiguous'] as const;

class TestSignInGroup {
  @Text() name: string;
  /** Which role the name stands for, or why it stands for none. */
  @OneOf(GROUP_GIFTS, 'TestSignInGroupMeaning') meaning: (typeof GROUP_GIFTS)[number];
  @Uuid({ nullable: true }) workspace_id: string | null;
  @Text({ nullable: true }) workspace_name: string | null;
  @Uuid({ nullable: true }) role_id: string | null;
  @Text({ nullable: true }) role_name: string | null;
  /** User groups have it as the group of the identity provider. */
  @Flag() is_followed: boolean;
}

const RIGHT_CHANGES = ['unchanged', 'added', 'changed', 'removed'] as const;

/** A role of the person in the organization, or in the workspace that is named. */
class TestSignInRight {
  @Uuid({ nullable: true }) workspace_id: string | null;
  @Text({ nullable: true }) workspace_name: string | null;
  @Uuid() role_id: string;
  @Text() role_name: string;
  /** What the membership follows: `manual`, `invitation`, `jit`, `sso_group`, `scim` or `bootstrap`. */
  @Text() source: string;
  /** What the sign-in would do to it. */
  @OneOf(RIGHT_CHANGES, 'TestSignInChange') change: (typeof RIGHT_CHANGES)[number];
}

const SIGN_IN_RULES = ['existing_access', 'invitation', 'jit', 'invited_elsewhere'] as const;
const SIGN_IN_ACCOUNTS = ['known', 'joined', 'new'] as const;
const GROUPS_STATES = ['off', 'not_sent', 'without_roles', 'with_roles'] as const;
const DEFAULTS_SOURCES = ['sso_settings', 'first_workspace', 'unusable'] as const;

/** Lists are empty and fields null for steps that the test did not reach. */
export class TestSignInResult {
  @Uuid() test_id: string;
  @Instant() expires_at: string;
  @OneOf(TEST_STATUSES, 'TestSignInStatus') status: (typeof TEST_STATUSES)[number];
  @Nested(() => TestSignInFailure, { nullable: true }) failure: TestSignInFailure | null;
  /** The claims that a sign-in reads. */
  @ListOf(() => TestSignInClaim) claims: TestSignInClaim[];
  /** The names of all other claims. */
  @TextList() other_claims: string[];
  /** Why the person is let in. */
  @OneOf(SIGN_IN_RULES, 'SignInRule', { nullable: true }) rule: (typeof SIGN_IN_RULES)[number] | null;
  /** Of an account that exists. */
  @Uuid({ nullable: true }) user_id: string | null;
  /** Whether the login is known, would be linked to an account with its e-mail address, or would get a new one. */
  @OneOf(SIGN_IN_ACCOUNTS, 'SignInAccount', { nullable: true }) account:
    (typeof SIGN_IN_ACCOUNTS)[number] | null;
  /** Where the defaults come from of a person who joins without an invitation. */
  @OneOf(DEFAULTS_SOURCES, 'SignInDefaults', { nullable: true }) defaults:
    (typeof DEFAULTS_SOURCES)[number] | null;
  @ListOf(() => TestSignInRight) rights: TestSignInRight[];
  /** Whether groups are used, were sent, and give roles. */
  @OneOf(GROUPS_STATES, 'SignInGroups', { nullable: true }) groups_state:
    (typeof GROUPS_STATES)[number] | null;
  @ListOf(() => TestSignInGroup) groups: TestSignInGroup[];
}
