import { EXAMPLE_IDS } from './id-sources.js';
import { systemRole } from '../../modules/rbac/index.js';
import type { Task } from './task.js';

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
      body: ATTACHED,
    },
    'POST /api/v1/orgs/current/access/check': {
      title: 'Check whether a user may do something',
      description: 'The answer also says which role or policy decided.',
      body: {
        member_id: EXAMPLE_IDS.ORG_IDENTITY_ID.example,
        workspace_id: EXAMPLE_IDS.WORKSPACE_ID.example,
        permission: 'projects:delete',
      },
    },
  },
};
