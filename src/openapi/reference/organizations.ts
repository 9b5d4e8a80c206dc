import { systemRole } from '../../modules/roles/index.js';
import { EXAMPLE_IDS, type Task } from './task.js';

const EDITOR = systemRole('WORKSPACE_USER').id;

export const organizations: Task = {
  title: 'Set up an organization',
  intro:
    'An organization has its own members, seats and settings. Its switches decide whether workspace admins may invite ' +
    'new people, whether invitations can be accepted, and how long keys may live.',
  operations: {
    'GET /api/v1/orgs': { title: 'List your organizations' },
    'POST /api/v1/orgs': {
      title: 'Create an organization',
      description: 'Requires single sign-on and `ORG_CREATION_DISABLED=false`. You become its admin.',
      body: { display_name: 'Acme', is_personal: false },
    },
    'GET /api/v1/orgs/current': { title: 'See the organization' },
    'GET /api/v1/orgs/current/overview': {
      title: 'See it in numbers',
      description: 'What you may not read is null. Days are of UTC.',
    },
    'GET /api/v1/orgs/current/info': { title: 'See its settings' },
    'GET /v1/platform/orgs/current/info': { title: 'See its settings (platform path)' },
    'PATCH /api/v1/orgs/current/info': {
      title: 'Change its settings',
      description:
        'Fields that you leave out stay as they are; null clears a field that may be empty. The example lets ' +
        'workspace admins invite new people.',
      body: { workspace_admin_can_invite_to_org: true },
    },
    'PATCH /api/v1/orgs/current/login-methods': {
      title: 'Allow single sign-on only',
      description:
        'To turn it on, use a session that was signed in by single sign-on, which proves that it works.',
      body: { sso_only: true },
    },
    'GET /api/v1/orgs/current/sso-settings': { title: 'See what users get on their first single sign-on' },
    'POST /api/v1/orgs/current/sso-settings': {
      title: 'Set what users get on their first single sign-on',
      body: {
        default_workspace_role_id: EDITOR,
        default_workspace_ids: [EXAMPLE_IDS.WORKSPACE_ID.example],
        metadata_url: 'https://idp.example.com/metadata',
      },
    },
    'PATCH /api/v1/orgs/current/sso-settings/{id}': {
      title: 'Change what users get on their first single sign-on',
      body: { default_workspace_role_id: EDITOR },
    },
    'GET /api/v1/orgs/current/sso-settings/connection': {
      title: 'See what to enter at the identity provider',
      description: 'For Organization Admins and Organization Operators. All organizations have the same.',
    },
    'GET /api/v1/orgs/current/sso-settings/sign-in-outcomes': {
      title: 'See what happens at a sign-in',
      description:
        'By the settings as they are, for people who are new, invited or members, with a group that gives a role or none.',
    },
    'DELETE /api/v1/orgs/current/sso-settings/{id}': { title: 'Remove the single sign-on settings' },
    'POST /api/v1/orgs/current/sso-settings/test-sign-in': {
      title: 'Test single sign-on',
      description:
        'For Organization Admins with a session in a browser, in the default organization; 10 a minute. Open `url` in the ' +
        'same browser and sign in at the identity provider. No session is opened here, and nothing is changed. The body is ' +
        'what the sign-in has to meet, by default what the organization requires.',
      body: { required_acr: ['urn:example:mfa'], max_authentication_age: 3600 },
    },
    'GET /api/v1/orgs/current/sso-settings/test-sign-in/{test_id}': {
      title: 'Read the result of a test',
      description:
        'For the session that started the test, and once: a result is deleted when it is read. The status is `waiting` ' +
        'until the browser returns from the identity provider.',
      values: { test_id: '01900000-0000-7000-8000-000000000006' },
    },
    'POST /api/v1/orgs/current/set-default-sso-provision': {
      title: 'Make this the default organization',
      description:
        'Users who sign in for the first time become its members. You have to be an admin of this organization and of the ' +
        'one that is the default now.',
    },
  },
};

export const workspaces: Task = {
  title: 'Create and manage workspaces',
  intro: 'A workspace is a subdivision of an organization. Field names and older paths call it a tenant.',
  operations: {
    'GET /api/v1/workspaces': {
      title: 'List workspaces',
      description:
        'Lists the workspaces you can see; with `include_deleted`, deleted ones too. `invite_access` tells for each ' +
        'whether you may invite new people and add members of the organization there, and what prevents it. With ' +
        '`include_counts`, `member_count`, `pending_count` and `provisioned_role_count` of each in the organization of the request. `workspace_ids` (up to 500) limits the list.',
    },
    'GET /api/v1/workspaces/names': { title: 'List the names of your workspaces' },
    'POST /api/v1/workspaces': { title: 'Create a workspace', body: { display_name: 'Research' } },
    'GET /api/v1/workspaces/{workspace_id}': {
      title: 'See a workspace',
      description: 'With `include_deleted`, also a deleted one that the list shows you.',
    },
    'PATCH /api/v1/workspaces/{workspace_id}': {
      title: 'Rename a workspace',
      body: { display_name: 'Research and development' },
    },
    'DELETE /api/v1/workspaces/{workspace_id}': {
      title: 'Delete a workspace',
      description:
        'Its memberships and its part of invitations are deleted, and keys for it alone stop working. This cannot be ' +
        'undone.',
    },
    'GET /api/v1/settings': { title: 'See the name and handle of the current workspace' },
    'POST /api/v1/settings/handle': {
      title: 'Choose the handle of the current workspace',
      description: 'The handle is its name in links, unique in the whole installation.',
      body: { tenant_handle: 'research' },
    },
    'GET /api/v1/tenants': { title: 'List your workspaces in all organizations' },
    'POST /api/v1/tenants': {
      title: 'Create an organization together with its first workspace',
      body: { display_name: 'Acme' },
    },
  },
};

const TOKENS = '/v1/platform/orgs/current/scim/tokens';

export const provisioning: Task = {
  title: 'Let an identity provider manage users',
  intro:
    'An identity provider such as Okta or Entra writes users and groups to `/scim/v2`, with a SCIM token of the ' +
    'organization. Organization admins create, change and delete these tokens.',
  operations: {
    [`GET ${TOKENS}`]: { title: 'List SCIM tokens' },
    [`POST ${TOKENS}`]: {
      title: 'Create a SCIM token',
      description:
        'The token is shown in this response only. Created with a key, it expires no later than that key.',
      body: { description: 'Okta' },
    },
    [`GET ${TOKENS}/{scim_token_id}`]: { title: 'See a SCIM token' },
    [`PATCH ${TOKENS}/{scim_token_id}`]: {
      title: 'Edit the description of a SCIM token',
      body: { description: 'Entra' },
    },
    [`DELETE ${TOKENS}/{scim_token_id}`]: { title: 'Delete a SCIM token' },
    [`POST ${TOKENS}/{scim_token_id}/rotate`]: {
      title: 'Replace the secret of a SCIM token',
      description:
        'For organization admins; with a key, only where keys may create keys, and of a token that expires no later than the ' +
        'key. All else about the token stays. The old secret ends at once, or works beside the new one for `overlap_hours`, until ' +
        'the next rotation.',
      body: { overlap_hours: 24 },
    },
    'POST /v1/platform/orgs/current/scim/groups/preview': {
      title: 'See which roles groups with these names would grant',
      description: 'Nothing is changed.',
      body: { names: ['LS:Organization Admins', 'LS:Organization User:Workspace 1:Editor'] },
    },
    'POST /api/v1/orgs/current/scim-roles/preview': {
      title: 'See what switching SCIM roles on or off would change',
      description:
        'For Organization Admins and Organization Operators. Lists the users whose roles `scim_roles_enabled` would ' +
        'change, and the values of their attribute `roles` that give nothing. Nothing is changed.',
      body: { scim_roles_enabled: true },
    },
    'GET /api/v1/orgs/current/scim/users': {
      title: 'List the users that an identity provider manages',
      description:
        'For Organization Admins and Organization Operators. Those that were changed last come first.',
    },
    'GET /api/v1/orgs/current/scim/groups': {
      title: 'List the groups that an identity provider manages',
      description:
        'For Organization Admins and Organization Operators: what each group gives, or why it gives nothing. The newest ' +
        'come first.',
    },
  },
};

const PERIOD = { start_time: '2026-01-01T00:00:00Z', end_time: '2100-01-01T00:00:00Z' };

export const audit: Task = {
  title: 'See who did what',
  intro:
    'Every change and every refused attempt at one is recorded as an entry. `GET /api/v1/audit-logs/export` exports ' +
    'a whole period, one JSON object per line.',
  operations: {
    'GET /api/v1/audit-logs': {
      title: 'Read the audit log',
      description: 'Entries in the OCSF 1.7.0 format, newest first. Both ends of the period are included.',
      values: PERIOD,
    },
    'GET /api/v1/audit-logs/operations': { title: 'List the operations of the audit log' },
    'GET /api/v1/orgs/current/access-report': {
      title: 'Report who has access',
      description:
        'For Organization Admins. Who may do what, why, since when, who gave it, when it was last used and when it ends: roles, ' +
        'user groups, invitations, keys and tokens, as JSON or CSV.',
      values: { format: 'csv' },
    },
    'GET /api/v1/orgs/current/events': {
      title: 'Follow what happens',
      description:
        'For callers with `organization:manage`. The events of the audit log in the order in which they became final, each once ' +
        'for a client that goes on with `next_cursor`. A page may be empty although more events follow.',
    },
    'GET /api/v1/orgs/current/events/types': {
      title: 'List the types of events',
      description: 'For callers with `organization:manage`.',
    },
    'GET /api/v1/orgs/current/log-streams': {
      title: 'List log streams',
      description:
        'For callers with `organization:manage`. How far each one is behind is in `lag_entries` and `lag_seconds`.',
    },
    'POST /api/v1/orgs/current/log-streams': {
      title: 'Send the audit log to a receiver',
      description:
        'For Organization Admins. New entries are sent by HTTPS POST, one JSON object per line as in the export, in order ' +
        'and at least once. An organization has at most 5 log streams.',
      body: {
        url: 'https://logs.example.com/ingest',
        description: 'SIEM',
        headers: { Authorization: 'Bearer secret' },
      },
    },
    'GET /api/v1/orgs/current/log-streams/{log_stream_id}': {
      title: 'See a log stream',
      description: 'For callers with `organization:manage`.',
    },
    'PATCH /api/v1/orgs/current/log-streams/{log_stream_id}': {
      title: 'Change, disable or enable a log stream',
      description:
        'For Organization Admins. What is being sent at that moment is sent once more, with the new values.',
      body: { is_enabled: false },
    },
    'DELETE /api/v1/orgs/current/log-streams/{log_stream_id}': {
      title: 'Delete a log stream',
      description: 'For Organization Admins.',
    },
    'POST /api/v1/orgs/current/log-streams/{log_stream_id}/test': {
      title: 'Send a test line to the receiver',
      description: 'For Organization Admins. Also while the log stream is disabled.',
    },
  },
};

export const instance: Task = {
  title: 'Monitor the server',
  intro: 'For Prometheus there is also `GET /metrics`, on `METRICS_PORT` where that is set.',
  operations: {
    'GET /api/v1/ok': { title: 'Check whether the server is ready' },
    'GET /api/v1/info': { title: 'See the version and the feature switches' },
    'GET /api/v1/info/health': { title: 'See the health of the server' },
  },
};
