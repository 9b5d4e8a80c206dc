import { Refuses } from '../../../../common/http/operations/operation.decorator.js';

/** Of handlers that end a key or token, and what was created with it. */
export const RefusesToEndKeys = () =>
  Refuses(
    'api_key_not_found',
    'only_admins_manage_org_wide_keys',
    'only_admins_manage_scim_tokens',
    'permission_missing',
    'role_not_grantable',
  );

export const RefusesToCreateTokens = () =>
  Refuses(
    'invalid_expiry',
    'key_creation_by_keys_disabled',
    'pat_creation_disabled_by_operator',
    'pat_creation_disabled_by_org',
    'service_keys_own_no_tokens',
    'workspace_not_found',
  );
