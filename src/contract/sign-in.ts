import {
  Flag,
  Instant,
  Integer,
  NULLISH,
  Text,
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
