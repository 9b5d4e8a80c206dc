import { systemRole } from '../../modules/rbac/index.js';
import { EXAMPLE_IDS } from './id-sources.js';
import type { Task } from './task.js';

const PATH = '/v1/platform/orgs/current/user-groups';
const GROUP = `${PATH}/{user_group_id}`;
const GRANT = `${GROUP}/workspaces/{workspace_id}`;

export const userGroups: Task = {
  title: 'Give roles to groups of members',
  intro:
    'A user group has members, and at most one role in each workspace. Members of the group who are members of the ' +
    'workspace have that role there in addition to their own; a group adds no user to a workspace. Each role makes a ' +
    'workspace group, which the admins of the workspace may extend by members of their workspace.',
  operations: {
    [`GET ${PATH}`]: {
      title: 'List user groups',
      description:
        'By name, and only what the caller may read. With a workspace, the groups with a role in it and its own groups.',
    },
    [`POST ${PATH}`]: {
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
