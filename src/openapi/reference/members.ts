import { systemRole } from '../../modules/rbac/index.js';
import type { Task } from './task.js';

const EDITOR = systemRole('WORKSPACE_USER').id;

export const members: Task = {
  title: 'Manage members',
  intro:
    'A person has one role in the organization and one in each workspace. The `id` of a list is the `identity_id` of ' +
    'its paths: organization lists and workspace lists have different ones for the same person.',
  operations: {
    'GET /api/v1/orgs/current/members/active': {
      title: 'List the members of the organization',
      says: 'By pages; filters by address, by person, by text.',
    },
    'GET /api/v1/orgs/current/members': { title: 'List members and invitations together' },
    'GET /v1/platform/orgs/current/members': {
      title: 'Search members with all their workspaces',
      says: 'In a filter, `*` stands for any text.',
    },
    'GET /api/v1/orgs/current/members/{identity_id}/access': {
      title: 'Explain what a person may do, and why',
      says: 'Every workspace, role and permission, and where each came from.',
    },
    'PATCH /api/v1/orgs/current/members/{identity_id}': {
      title: 'Change a role in the organization',
      says: 'With passwords also a name or a new password. One active admin always remains.',
      body: { role_id: systemRole('ORGANIZATION_VIEWER').id },
    },
    'DELETE /api/v1/orgs/current/members/{identity_id}': {
      title: 'Remove somebody from the organization',
      says: 'Their workspaces, sessions and tokens here end with the same call. The id of an invitation revokes it.',
    },
    'GET /api/v1/workspaces/current/members/active': { title: 'List the members of the current workspace' },
    'GET /api/v1/workspaces/current/members': { title: 'List its members and invitations together' },
    'POST /api/v1/workspaces/current/members': {
      title: 'Add a member of the organization to the current workspace',
      body: { org_identity_id: '$ORG_IDENTITY_ID', role_id: EDITOR },
    },
    'PATCH /api/v1/workspaces/current/members/{identity_id}': {
      title: 'Change a role in the current workspace',
      body: { role_id: EDITOR },
    },
    'DELETE /api/v1/workspaces/current/members/{identity_id}': {
      title: 'Remove somebody from the current workspace',
      says: 'They stay in the organization.',
    },
    'POST /api/v1/orgs/current/members/basic/batch': {
      title: 'Make accounts with passwords',
      says: 'They are members at once. A password that was not given is made, and answered this one time.',
      body: [{ email: 'katherine@example.com', full_name: 'Katherine Johnson' }],
    },
  },
};
