/** At the root of the host, never below `/api` (semantics, section 11). */
export const SCIM_ROOT = 'scim/v2';

export const SCIM_JSON = 'application/scim+json; charset=utf-8';
