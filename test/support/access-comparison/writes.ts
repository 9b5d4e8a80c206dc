/**
 * `compared`: the change is compared with the rights of a caller below Organization Admin rank. `rank only`: it depends
 * on the organization role of the caller, and of the person concerned. `not compared`: why it gives and takes no rights,
 * or which of the exceptions in docs/contract/members.md#no-escalation it is.
 */
type Comparison = 'compared' | 'rank only' | `not compared: ${string}`;

const QUERY: Comparison = 'not compared: a query with a body';
const SIGN_IN: Comparison = 'not compared: signing in';
const SETTING: Comparison = 'not compared: a setting of the organization';
const NO_RIGHTS: Comparison = 'not compared: gives and takes no rights';
const OWN_TOKEN: Comparison = "not compared: the caller's own token; another member's needs the rank";
const OWN_SESSION: Comparison = "not compared: the caller's own session";
const OWN_ACCOUNT: Comparison = "not compared: the caller's own account";

const WORKSPACE_MEMBERS = '/api/v1/workspaces/current/members';
const MEMBERS = '/api/v1/orgs/current/members';
const TOKENS = '/api/v1/orgs/current/personal-access-tokens';
const ROLES = '/api/v1/orgs/current/roles';
const TAG_KEYS = '/api/v1/workspaces/current/tag-keys';
const PLATFORM = '/v1/platform/orgs/current';
const GROUPS = `${PLATFORM}/user-groups/:user_group_id`;
const WEBHOOKS = '/api/v1/orgs/current/webhooks';
const REQUESTS = '/api/v1/orgs/current/access-requests';
const OAUTH = '/api/v1/oauth';
const OIDC = `${OAUTH}/custom-oidc`;

/** Every route that writes, SCIM and sign-in included. */
export const WRITES: Readonly<Record<string, Comparison>> = {
  [`POST ${WORKSPACE_MEMBERS}`]: 'compared',
  [`PATCH ${WORKSPACE_MEMBERS}/:identity_id`]: 'compared',
  [`DELETE ${WORKSPACE_MEMBERS}/:identity_id`]: 'compared', // leaving is not
  [`POST ${WORKSPACE_MEMBERS}/batch`]: 'compared',
  [`PATCH ${WORKSPACE_MEMBERS}/:identity_id/pending`]: 'compared',
  [`DELETE ${WORKSPACE_MEMBERS}/:identity_id/pending`]: 'compared',
  [`POST ${WORKSPACE_MEMBERS}/:identity_id/pending/resend`]: 'compared',

  [`POST ${MEMBERS}`]: 'compared',
  [`POST ${MEMBERS}/batch`]: 'compared',
  [`PATCH ${MEMBERS}/:identity_id/pending`]: 'rank only',
  [`POST ${MEMBERS}/:identity_id/pending/resend`]: 'compared',
  [`DELETE ${MEMBERS}/:identity_id/pending`]: 'rank only',
  [`PATCH ${MEMBERS}/:identity_id`]: 'rank only',
  [`DELETE ${MEMBERS}/:identity_id`]: 'rank only',
  [`DELETE ${MEMBERS}/:identity_id/sessions`]: 'rank only',
  [`POST ${MEMBERS}/basic/batch`]: 'rank only',
  [`POST ${MEMBERS}/:identity_id/password-link`]: 'rank only',
  [`POST ${MEMBERS}/:identity_id/pending/password-link`]: 'rank only',

  'POST /api/v1/orgs/pending/:organization_id/claim': 'not compared: accepting',
  'POST /api/v1/workspaces/pending/:workspace_id/claim': 'not compared: accepting',
  'DELETE /api/v1/orgs/pending/:organization_id': 'not compared: declining',
  'DELETE /api/v1/workspaces/pending/:id': 'not compared: declining',

  [`POST ${PLATFORM}/user-groups`]: 'not compared: a new group is empty',
  [`PATCH ${GROUPS}`]: 'compared', // synchronization adds members
  [`DELETE ${GROUPS}`]: 'compared',
  [`POST ${GROUPS}/members`]: 'compared',
  [`DELETE ${GROUPS}/members/:identity_id`]: 'compared',
  [`POST ${GROUPS}/workspaces`]: 'compared',
  [`PATCH ${GROUPS}/workspaces/:workspace_id`]: 'compared',
  [`DELETE ${GROUPS}/workspaces/:workspace_id`]: 'compared',
  [`POST ${GROUPS}/access-policies`]: 'compared',
  [`DELETE ${GROUPS}/access-policies/:access_policy_id`]: 'compared',

  'POST /api/v1/api-key': 'compared',
  'DELETE /api/v1/api-key/:api_key_id': 'not compared: deleting a service key',
  'POST /api/v1/orgs/current/service-keys': 'compared',
  'PATCH /api/v1/orgs/current/service-keys/:api_key_id': 'compared',
  'DELETE /api/v1/orgs/current/service-keys/:api_key_id': 'not compared: deleting a service key',
  'POST /api/v1/orgs/current/service-keys/:api_key_id/rotate': 'compared', // as if the key were created
  'POST /api/v1/orgs/current/credentials/revocation': 'compared', // keys for the whole organization
  'POST /api/v1/service-accounts': 'compared',
  'DELETE /api/v1/service-accounts/:service_account_id': 'not compared: deleting a service account',

  'POST /api/v1/api-key/current': OWN_TOKEN,
  'DELETE /api/v1/api-key/current/:pat_id': OWN_TOKEN,
  [`POST ${TOKENS}`]: OWN_TOKEN,
  [`DELETE ${TOKENS}/:pat_id`]: OWN_TOKEN,
  [`POST ${TOKENS}/:pat_id/revocation`]: OWN_TOKEN,
  [`DELETE ${TOKENS}/:pat_id/revocation`]: OWN_TOKEN,
  [`POST ${TOKENS}/:pat_id/rotate`]: OWN_TOKEN,

  [`POST ${ROLES}`]: 'rank only',
  [`PATCH ${ROLES}/:role_id`]: 'rank only',
  [`DELETE ${ROLES}/:role_id`]: 'rank only',
  [`PUT ${ROLES}/:role_id/restriction`]: 'rank only',
  [`POST ${PLATFORM}/roles/:role_id/access-policies`]: 'rank only',
  [`DELETE ${PLATFORM}/roles/:role_id/access-policies`]: 'rank only',
  [`POST ${PLATFORM}/access-policies`]: 'rank only',
  [`PATCH ${PLATFORM}/access-policies/:access_policy_id`]: 'rank only',
  [`DELETE ${PLATFORM}/access-policies/:access_policy_id`]: 'rank only',
  [`POST ${PLATFORM}/access-policies/roles/:role_id/access-policies`]: 'rank only',
  [`DELETE ${PLATFORM}/access-policies/roles/:role_id/access-policies`]: 'rank only',
  [`POST ${PLATFORM}/scim/tokens`]: 'rank only',
  [`PATCH ${PLATFORM}/scim/tokens/:scim_token_id`]: 'rank only',
  [`DELETE ${PLATFORM}/scim/tokens/:scim_token_id`]: 'rank only',
  [`POST ${PLATFORM}/scim/tokens/:scim_token_id/rotate`]: 'rank only',
  'POST /v1/platform/oauth/clients': 'rank only',
  'PATCH /v1/platform/oauth/clients/:id': 'rank only',
  'DELETE /v1/platform/oauth/clients/:id': 'rank only',
  'POST /v1/platform/oauth/clients/:id/rotate-secret': 'rank only',
  'DELETE /v1/platform/oauth/authorized-apps/:client': NO_RIGHTS,
  'DELETE /v1/platform/oauth/authorized-apps': NO_RIGHTS,
  'POST /api/v1/oauth/register': NO_RIGHTS,
  [`POST ${REQUESTS}`]: NO_RIGHTS,
  [`DELETE ${REQUESTS}/:access_request_id`]: NO_RIGHTS,
  [`POST ${REQUESTS}/:access_request_id/approval`]: 'compared',
  [`POST ${REQUESTS}/:access_request_id/decline`]: NO_RIGHTS,
  [`POST ${WEBHOOKS}`]: 'rank only',
  [`PATCH ${WEBHOOKS}/:webhook_id`]: 'rank only',
  [`DELETE ${WEBHOOKS}/:webhook_id`]: 'rank only',
  [`POST ${WEBHOOKS}/:webhook_id/rotate-secret`]: 'rank only',
  [`POST ${WEBHOOKS}/:webhook_id/test`]: 'rank only',
  [`POST ${WEBHOOKS}/:webhook_id/redeliver`]: 'rank only',
  'POST /api/v1/orgs/current/log-streams': 'rank only',
  'PATCH /api/v1/orgs/current/log-streams/:log_stream_id': 'rank only',
  'DELETE /api/v1/orgs/current/log-streams/:log_stream_id': 'rank only',
  'POST /api/v1/orgs/current/log-streams/:log_stream_id/test': 'rank only',
  'POST /api/v1/orgs/current/sso-settings': 'rank only',
  'PATCH /api/v1/orgs/current/sso-settings/:id': 'rank only',
  'DELETE /api/v1/orgs/current/sso-settings/:id': 'rank only',
  'POST /api/v1/orgs/current/sso-settings/test-sign-in': 'rank only',

  'PATCH /api/v1/orgs/current/info': SETTING, // scim_group_name_separator and scim_roles_enabled need the rank
  'PATCH /api/v1/orgs/current/login-methods': SETTING,
  'POST /api/v1/orgs/current/set-default-sso-provision': SETTING,
  'POST /api/v1/orgs': 'not compared: the membership of the creator',
  'POST /api/v1/tenants': 'not compared: the membership of the creator',
  'POST /api/v1/workspaces': 'not compared: the membership of the creator; names are never refused',
  'PATCH /api/v1/workspaces/:workspace_id': 'not compared: names are never refused',
  'DELETE /api/v1/workspaces/:workspace_id': 'not compared: deleting a workspace',
  'POST /api/v1/settings/handle': NO_RIGHTS,

  [`POST ${TAG_KEYS}`]: 'compared',
  [`PATCH ${TAG_KEYS}/:tag_key_id`]: 'compared',
  [`DELETE ${TAG_KEYS}/:tag_key_id`]: 'compared',
  [`POST ${TAG_KEYS}/:tag_key_id/tag-values`]: 'compared',
  [`PATCH ${TAG_KEYS}/:tag_key_id/tag-values/:tag_value_id`]: 'compared',
  [`DELETE ${TAG_KEYS}/:tag_key_id/tag-values/:tag_value_id`]: 'compared',
  'POST /api/v1/workspaces/current/taggings': 'compared',
  'DELETE /api/v1/workspaces/current/taggings/:tagging_id': 'compared',
  'POST /api/v1/workspaces/current/tags/resources': QUERY,

  'POST /scim/v2/Users': 'compared', // accepts an invitation
  'PUT /scim/v2/Users/:id': 'compared', // another user may come to sign in as the member
  'PATCH /scim/v2/Users/:id': 'compared',
  'DELETE /scim/v2/Users/:id': 'rank only',
  'POST /scim/v2/Groups': 'compared',
  'PUT /scim/v2/Groups/:id': 'compared',
  'PATCH /scim/v2/Groups/:id': 'compared',
  'DELETE /scim/v2/Groups/:id': 'compared',
  'POST /scim/v2/Bulk': 'not compared: each of its operations is handled as a request',
  'POST /scim/v2/Users/.search': QUERY,
  'POST /scim/v2/Groups/.search': QUERY,
  [`POST ${PLATFORM}/scim/groups/preview`]: QUERY,
  'POST /api/v1/orgs/current/credentials/weaker-sign-ins': QUERY,
  'POST /api/v1/orgs/current/scim-roles/preview': QUERY,

  [`POST ${OAUTH}/token`]: 'not compared: what was approved',
  [`POST ${OAUTH}/device/code`]: NO_RIGHTS,
  [`POST ${OAUTH}/device/request`]: QUERY,
  [`POST ${OAUTH}/device/authorize`]: 'not compared: the rights of the caller, at each request',
  [`POST ${OAUTH}/authorize/approve`]: 'not compared: the rights of the caller, at each request',
  [`POST ${OAUTH}/revoke`]: OWN_TOKEN,
  'POST /api/v1/userinfo': QUERY,

  [`GET ${OIDC}/login`]: SIGN_IN,
  [`POST ${OIDC}/login`]: SIGN_IN,
  [`GET ${OIDC}/callback`]: SIGN_IN,
  [`POST ${OIDC}/callback`]: SIGN_IN,
  'POST /oauth-callback': SIGN_IN,

  'POST /api/v1/login': SIGN_IN,
  'POST /api/v1/sso/email-lookup': QUERY,
  [`POST ${OIDC}/logout`]: OWN_SESSION,
  [`POST ${OIDC}/backchannel-logout`]: OWN_SESSION,
  [`GET ${OIDC}/frontchannel-logout`]: OWN_SESSION,
  'DELETE /api/v1/me/sessions': OWN_SESSION,
  'DELETE /api/v1/me/sessions/:session_id': OWN_SESSION,
  'POST /api/v1/login/password': 'not compared: accepting, and the password of the account',
  'POST /api/v1/login/password-link': OWN_ACCOUNT,
  'POST /api/v1/login/password-link/check': QUERY,
  'POST /api/v1/sso/email-verification/send': OWN_ACCOUNT,
  'POST /api/v1/sso/email-verification/confirm': OWN_ACCOUNT,
  'POST /api/v1/sso/email-verification/status': QUERY,
  'PATCH /api/v1/orgs/members/basic': OWN_ACCOUNT,
  'POST /api/v1/me/onboarding_state': NO_RIGHTS,
  'PUT /api/v1/me/onboarding_state/:field': NO_RIGHTS,
  'POST /api/v1/orgs/current/access/check': QUERY,
  'POST /access/v1/evaluation': QUERY,
  'POST /access/v1/evaluations': QUERY,
  'POST /access/v1/search/subject': QUERY,
  'POST /access/v1/search/resource': QUERY,
  'POST /access/v1/search/action': QUERY,
};
