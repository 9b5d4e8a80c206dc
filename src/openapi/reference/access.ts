import { systemRole } from '../../modules/roles/index.js';
import { EXAMPLE_IDS, type Task } from './task.js';

const ROLE = {
  display_name: 'Reviewer',
  description: 'Reads runs and writes feedback',
  permissions: ['workspaces:read', 'runs:read', 'feedback:create'],
};

const ATTACHED = { access_policy_ids: [EXAMPLE_IDS.ACCESS_POLICY_ID.example] };

export const roles: Task = {
  title: 'Decide what roles allow',
  intro:
    'System roles are the same in every installation. Custom roles belong to an organization and are granted in its ' +
    'workspaces. A caller can grant only permissions that they hold. Access policies allow or deny a permission by the ' +
    'tags of a resource. Only organization admins change custom roles and access policies.',
  operations: {
    'GET /api/v1/orgs/current/roles': { title: 'List roles' },
    'POST /api/v1/orgs/current/roles': { title: 'Create a role', body: ROLE },
    'PATCH /api/v1/orgs/current/roles/{role_id}': {
      title: 'Change a role',
      description: 'All three fields are replaced.',
      body: { ...ROLE, display_name: 'Reader', permissions: ['workspaces:read', 'runs:read'] },
    },
    'PUT /api/v1/orgs/current/roles/{role_id}/restriction': {
      title: 'Restrict who assigns a role',
      description:
        'A restricted role is assigned only by those who hold workspaces:manage in the workspace; who has it keeps it. ' +
        'Works for the system roles of workspaces, too.',
      body: { is_restricted: true },
    },
    'DELETE /api/v1/orgs/current/roles/{role_id}': { title: 'Delete a role without holders' },
    'GET /v1/platform/orgs/current/access-policies': { title: 'List access policies' },
    'POST /v1/platform/orgs/current/access-policies': {
      title: 'Create an access policy',
      description:
        'A policy applies when one of its condition groups is met; a group is met when all of its conditions are. ' +
        'Deny overrides allow.',
      body: {
        name: 'No deletion in production',
        description: '',
        effect: 'deny',
        condition_groups: [
          {
            permission: 'projects:delete',
            resource_type: 'project',
            conditions: [
              {
                attribute_name: 'resource_tag_key',
                attribute_key: 'Environment',
                operator: 'equals',
                attribute_value: 'production',
              },
            ],
          },
        ],
        role_ids: [systemRole('WORKSPACE_ADMIN').id],
      },
    },
    'GET /v1/platform/orgs/current/access-policies/{access_policy_id}': { title: 'See an access policy' },
    'PATCH /v1/platform/orgs/current/access-policies/{access_policy_id}': {
      title: 'Change an access policy',
      description: 'Absent members stay unchanged. `condition_groups` replaces all groups.',
      body: { description: 'Agreed in November' },
    },
    'DELETE /v1/platform/orgs/current/access-policies/{access_policy_id}': {
      title: 'Delete an access policy',
    },
    'POST /v1/platform/orgs/current/roles/{role_id}/access-policies': {
      title: 'Attach access policies to a role',
      body: ATTACHED,
    },
    'DELETE /v1/platform/orgs/current/roles/{role_id}/access-policies': {
      title: 'Detach access policies from a role',
      description: 'Those that are not attached to it are ignored.',
      values: { access_policy_ids: [EXAMPLE_IDS.ACCESS_POLICY_ID.example] },
    },
    'POST /v1/platform/orgs/current/access-policies/roles/{role_id}/access-policies': {
      title: 'Attach access policies to a role, at its earlier path',
      body: ATTACHED,
    },
    'DELETE /v1/platform/orgs/current/access-policies/roles/{role_id}/access-policies': {
      title: 'Detach access policies from a role, at its earlier path',
      description:
        'Removed in 1.0.0. Use `DELETE /v1/platform/orgs/current/roles/{role_id}/access-policies`.',
      body: ATTACHED,
    },
    'POST /api/v1/orgs/current/access/check': {
      title: 'Check whether a user may do something',
      description: 'Removed in 1.0.0. Use `POST /access/v1/evaluation` (OpenID AuthZEN).',
      body: {
        member_id: EXAMPLE_IDS.ORG_IDENTITY_ID.example,
        workspace_id: EXAMPLE_IDS.WORKSPACE_ID.example,
        permission: 'projects:delete',
      },
    },
  },
};

const USER_GROUPS = '/v1/platform/orgs/current/user-groups';
const GROUP = `${USER_GROUPS}/{user_group_id}`;
const GRANT = `${GROUP}/workspaces/{workspace_id}`;

export const userGroups: Task = {
  title: 'Give roles to groups of members',
  intro:
    'A user group has members, and at most one role in each workspace. Members of the group who are members of the ' +
    'workspace have that role there in addition to their own; a group adds no user to a workspace. Each role makes a ' +
    'workspace group, which the admins of the workspace may extend by members of their workspace.',
  operations: {
    [`GET ${USER_GROUPS}`]: {
      title: 'List user groups',
      description:
        'By name, and only what the caller may read. With a workspace, the groups with a role in it and its own groups.',
    },
    [`POST ${USER_GROUPS}`]: {
      title: 'Create a user group',
      body: { name: 'Data science', description: 'Everyone who trains models' },
    },
    [`GET ${GROUP}`]: { title: 'See a user group' },
    [`PATCH ${GROUP}`]: {
      title: 'Change a user group, or let it follow a group of the identity provider',
      description: 'Absent fields stay as they are.',
      body: { idp_group_name: 'data-science', idp_sync_enabled: true },
    },
    [`DELETE ${GROUP}`]: { title: 'Delete a user group with all that it gives' },
    [`GET ${GROUP}/members`]: { title: 'List the members of a user group' },
    [`POST ${GROUP}/members`]: {
      title: 'Add members to a user group',
      description: 'Each identity has a status of its own in the answer.',
      body: { identity_ids: [EXAMPLE_IDS.ORG_IDENTITY_ID.example] },
    },
    [`DELETE ${GROUP}/members/{identity_id}`]: { title: 'Remove a member from a user group' },
    [`GET ${GROUP}/workspace-members`]: {
      title: 'List the members of a workspace group',
      description: 'With their identities in the workspace.',
    },
    [`GET ${GROUP}/workspaces`]: { title: 'List the workspaces in which a user group has a role' },
    [`POST ${GROUP}/workspaces`]: {
      title: 'Give a user group a role in a workspace',
      body: { workspace_id: EXAMPLE_IDS.WORKSPACE_ID.example, role_id: systemRole('WORKSPACE_USER').id },
    },
    [`GET ${GROUP}/access-policies`]: { title: 'List the access policies of a user group' },
    [`POST ${GROUP}/access-policies`]: {
      title: 'Attach an access policy to a user group',
      description: 'For every workspace of the group, or for one of them.',
      body: { access_policy_id: EXAMPLE_IDS.ACCESS_POLICY_ID.example },
    },
    [`DELETE ${GROUP}/access-policies/{access_policy_id}`]: {
      title: 'Detach an access policy from a user group',
    },
    [`GET ${GRANT}`]: { title: 'See the role of a user group in a workspace' },
    [`PATCH ${GRANT}`]: {
      title: 'Change the role of a user group in a workspace',
      body: { role_id: systemRole('WORKSPACE_VIEWER').id },
    },
    [`DELETE ${GRANT}`]: { title: 'Take the role of a user group in a workspace back' },
  },
};

const IN_WORKSPACE = '/api/v1/workspaces/current';
const TAG_KEY = `${IN_WORKSPACE}/tag-keys/{tag_key_id}`;
const TAG_VALUE = `${TAG_KEY}/tag-values/{tag_value_id}`;
/** Resources are not known here: any id will do. */
const PROJECT = { resource_type: 'project', resource_id: '01900000-0000-7000-8000-00000000000a' };

export const tags: Task = {
  title: 'Tag resources',
  intro:
    'A workspace has tag keys such as Environment, with values such as production. Resources of the product are tagged by ' +
    'their type and id, and access policies allow or deny permissions by these tags.',
  operations: {
    [`GET ${IN_WORKSPACE}/tag-keys`]: { title: 'List tag keys' },
    [`POST ${IN_WORKSPACE}/tag-keys`]: {
      title: 'Create a tag key',
      body: { key: 'Environment', description: 'Where it runs' },
    },
    [`GET ${TAG_KEY}`]: { title: 'See a tag key' },
    [`PATCH ${TAG_KEY}`]: { title: 'Change a tag key', body: { description: 'Where it is deployed' } },
    [`DELETE ${TAG_KEY}`]: { title: 'Delete a tag key', description: 'With its values and their taggings.' },
    [`GET ${TAG_KEY}/tag-values`]: { title: 'List the values of a tag key' },
    [`POST ${TAG_KEY}/tag-values`]: { title: 'Create a tag value', body: { value: 'staging' } },
    [`GET ${TAG_VALUE}`]: { title: 'See a tag value' },
    [`PATCH ${TAG_VALUE}`]: { title: 'Change a tag value', body: { description: 'Before production' } },
    [`DELETE ${TAG_VALUE}`]: { title: 'Delete a tag value', description: 'With its taggings.' },
    [`GET ${IN_WORKSPACE}/taggings`]: { title: 'List tagged resources' },
    [`POST ${IN_WORKSPACE}/taggings`]: {
      title: 'Tag a resource',
      description: 'Answers the tagging that exists if the resource has the tag already.',
      body: { tag_value_id: EXAMPLE_IDS.TAG_VALUE_ID.example, ...PROJECT },
    },
    [`DELETE ${IN_WORKSPACE}/taggings/{tagging_id}`]: { title: 'Remove a tag from a resource' },
    [`GET ${IN_WORKSPACE}/tags`]: { title: 'List tag keys with their values' },
    [`GET ${IN_WORKSPACE}/tags/resource`]: { title: 'List the tags of a resource', values: PROJECT },
    [`POST ${IN_WORKSPACE}/tags/resources`]: {
      title: 'List the tags of several resources',
      body: [PROJECT],
    },
  },
};
