/** The text of an operation in the API reference. */
export type OperationText = {
  title: string;
  /** Only what its title and fields do not say. */
  description?: string;
  /** A valid body; ids are those of `EXAMPLE_IDS` or of system roles. */
  body?: unknown;
  /** Example values of required parameters. */
  values?: Record<string, string | readonly string[]>;
};

/** A task of API users, with its operations by method and path, in the order of use. */
export type Task = {
  title: string;
  intro: string;
  operations: Record<string, OperationText>;
};

const IN_ORG = '/api/v1/orgs/current';
const IN_WORKSPACE = '/api/v1/workspaces/current';
const PLATFORM = '/v1/platform/orgs/current';

/** The list that contains the ids for a path parameter; the first match applies. */
const LISTS: readonly [path: RegExp, parameter: string, list: string][] = [
  [
    /^\/api\/v1\/orgs\/current\/members\/\{identity_id\}\/pending/,
    'identity_id',
    `${IN_ORG}/members/pending`,
  ],
  [/^\/api\/v1\/orgs\/current\/members/, 'identity_id', `${IN_ORG}/members/active`],
  [/user-groups/, 'identity_id', `${IN_ORG}/members/active`],
  [/^\/api\/v1\/workspaces.*\/pending(\/resend)?$/, 'identity_id', `${IN_WORKSPACE}/members/pending`],
  [/^\/api\/v1\/workspaces\/current/, 'identity_id', `${IN_WORKSPACE}/members/active`],
  [/^\/api\/v1\/workspaces\/pending/, 'workspace_id', '/api/v1/workspaces/pending'],
  [/^\/api\/v1\/workspaces\/pending/, 'id', '/api/v1/workspaces/pending'],
  [/./, 'workspace_id', '/api/v1/workspaces'],
  [/./, 'organization_id', '/api/v1/orgs/pending'],
  [/./, 'role_id', `${IN_ORG}/roles`],
  [/service-keys/, 'api_key_id', `${IN_ORG}/service-keys`],
  [/./, 'api_key_id', '/api/v1/api-key'],
  [/./, 'pat_id', `${IN_ORG}/personal-access-tokens`],
  [/./, 'service_account_id', '/api/v1/service-accounts'],
  [/./, 'tag_key_id', `${IN_WORKSPACE}/tag-keys`],
  [/./, 'tag_value_id', `${IN_WORKSPACE}/tags`],
  [/./, 'tagging_id', `${IN_WORKSPACE}/taggings`],
  [/./, 'access_policy_id', `${PLATFORM}/access-policies`],
  [/./, 'user_group_id', `${PLATFORM}/user-groups`],
  [/./, 'scim_token_id', `${PLATFORM}/scim/tokens`],
  [/./, 'log_stream_id', `${IN_ORG}/log-streams`],
  [/./, 'session_id', '/api/v1/me/sessions'],
  [/./, 'access_request_id', `${IN_ORG}/access-requests`],
  [/./, 'webhook_id', `${IN_ORG}/webhooks`],
  [/oauth\/clients/, 'id', '/v1/platform/oauth/clients'],
  [/sso-settings/, 'id', `${IN_ORG}/sso-settings`],
];

/** Null if the parameter is not the id of a listed resource. */
export const findListOf = (path: string, parameter: string): string | null =>
  LISTS.find(([pattern, name]) => name === parameter && pattern.test(path))?.[2] ?? null;

/**
 * The ids in the examples of bodies. The reference page replaces each by an id from its list, or by the shell variable of
 * this name.
 */
export const EXAMPLE_IDS = {
  WORKSPACE_ID: { list: '/api/v1/workspaces', example: '01900000-0000-7000-8000-000000000001' },
  ORG_IDENTITY_ID: { list: `${IN_ORG}/members/active`, example: '01900000-0000-7000-8000-000000000002' },
  PROVIDER_ID: { list: `${IN_ORG}/sso-settings`, example: '01900000-0000-7000-8000-000000000003' },
  ACCESS_POLICY_ID: {
    list: `${PLATFORM}/access-policies`,
    example: '01900000-0000-7000-8000-000000000004',
  },
  TAG_VALUE_ID: { list: `${IN_WORKSPACE}/tags`, example: '01900000-0000-7000-8000-000000000005' },
} as const;
