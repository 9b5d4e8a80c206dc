/** The provider does not give new tokens for this refresh token any more (`invalid_grant`): the session is over. */
export class RefreshRefused extends Error {}

/** The provider could not be asked, or its answer could not be used: another time it may work. */
export class ProviderUnavailable extends Error {}

/** A logout token that proves nothing; `reason` is for the log. */
export class LogoutTokenRefused extends Error {}
