/* What the authorization server supports: for the contract, which names it, and for the module, which imports no contract in its rules. */

/** RFC 8628, section 3.4. */
export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
export const GRANT_TYPES = ['authorization_code', 'refresh_token', DEVICE_GRANT] as const;
export const SCOPES = ['openid', 'profile', 'email', 'offline_access'] as const;
