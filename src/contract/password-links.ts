import { Flag, Instant, Text } from '../common/http/fields.decorator.js';

/** Not in the published API, like the other classes of this file. */
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
