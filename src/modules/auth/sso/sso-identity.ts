/** Who the identity provider says somebody is; read from a validated ID token and, where it fits, UserInfo. */
export type SsoIdentity = {
  readonly issuer: string;
  /**
   * With the issuer, the key of the login; the claim is `sub`, or the one that stands for it (contract decision 32).
   */
  readonly subject: string;
  /** As the provider wrote it, not canonical. */
  readonly email: string | null;
  /** Null: the provider does not say. */
  readonly emailIsVerified: boolean | null;
  readonly fullName: string | null;
  /** UserInfo under the ID token's claims; for the groups claim only. */
  readonly claims: Readonly<Record<string, unknown>>;
};

/** A login that the provider has vouched for: the person, and what keeps and ends the session. */
export type SsoLogin = {
  readonly identity: SsoIdentity;
  readonly tokens: {
    readonly idToken: string;
    readonly idTokenExpiresAt: Date;
    readonly refreshToken: string | null;
    /** The session at the provider, which a back-channel logout may name. */
    readonly sid: string | null;
  };
};
