/** The user according to the identity provider, from a validated ID token and, where present, UserInfo. */
export type SsoIdentity = {
  readonly issuer: string;
  /**
   * Identifies the login together with the issuer: `sub`, or the claim that replaces it
   * (docs/contract/sign-in.md#subject-claim).
   */
  readonly subject: string;
  /** As sent by the provider, not canonical. */
  readonly email: string | null;
  /** Null if the provider does not say. */
  readonly emailIsVerified: boolean | null;
  readonly fullName: string | null;
  /** `preferred_username`; identifies no one, because the user may change it at the provider. */
  readonly username: string | null;
  /** The claims of the ID token merged over those of UserInfo; used only for the groups claim. */
  readonly claims: Readonly<Record<string, unknown>>;
};

/** A login that the provider has authenticated: the identity, and the tokens that renew and end the session. */
export type SsoLogin = {
  readonly identity: SsoIdentity;
  readonly tokens: {
    readonly idToken: string;
    readonly idTokenExpiresAt: Date;
    readonly refreshToken: string | null;
    /** The session id at the provider, which a back-channel logout token may name. */
    readonly sid: string | null;
  };
};
