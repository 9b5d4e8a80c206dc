/** At the root of the host, never below `/api` (docs/contract/scim.md#protocol). */
export const SCIM_ROOT = 'scim/v2';

export const SCIM_JSON = 'application/scim+json; charset=utf-8';
