import { Refuses } from '../../../../common/http/operations/operation.decorator.js';

/** Of handlers that end a key or token, and what was created with it. */
export const RefusesToEndKeys = () =>
  Refuses(
    'api_key_not_found',
    'only_admins_manage_log_streams',
    'only_admins_manage_org_wide_keys',
    'only_admins_manage_scim_tokens',
    'only_admins_manage_webhooks',
    'permission_missing',
    'role_not_grantable',
  );

/** Of handlers that give a key or token a new secret. */
export const RefusesToRotateKeys = () =>
  Refuses('api_key_not_found', 'credential_has_ended', 'rotation_outlives_caller');

/** Of handlers that give a service key its scope and roles. */
export const RefusesServiceKeys = () =>
  Refuses(
    'change_exceeds_rights',
    'invalid_expiry',
    'invalid_key_scope',
    'permission_missing',
    'role_is_restricted',
    'role_not_found',
    'role_not_grantable',
    'workspace_not_found',
  );
