import { EXAMPLE_IDS } from './id-sources.js';
import { systemRole } from '../../modules/rbac/index.js';
import type { Task } from './task.js';

const EDITOR = systemRole('WORKSPACE_USER').id;

export const members: Task = {
  title: 'Manage members',
  intro:
    'A user has one role in the organization and one in each of their workspaces. Paths ask for an `identity_id`: ' +
    'it is the `id` in the list of the same level. Organization lists and workspace lists have different ids for the ' +
    'same user.',
  operations: {
    'GET /api/v1/orgs/current/members/active': {
      title: 'List the members of the organization',
      description: 'In pages. You can filter by e-mail address, by user id and by text.',
    },
    'GET /api/v1/orgs/current/members': { title: 'List members and invitations together' },
    'GET /v1/platform/orgs/current/members': {
      title: 'Search members with all their workspaces',
      description: 'In a filter, `*` stands for any text.',
    },
    'GET /api/v1/orgs/current/members/{identity_id}/access': {
      title: 'Explain what a user may do, and why',
      description: 'Lists every workspace, role and permission, and what granted it.',
    },
    'PATCH /api/v1/orgs/current/members/{identity_id}': {
      title: 'Change a role in the organization',
      description:
        'Also their name and, with password login, their password, which only an Organization Admin who ' +
        'is signed in can set. An organization always keeps one active admin. The keys that they created stay as they are; ' +
        '`revoke_created=true` deletes these, revokes their tokens, and lists both in the answer.',
      body: { role_id: systemRole('ORGANIZATION_VIEWER').id },
    },
    'DELETE /api/v1/orgs/current/members/{identity_id}': {
      title: 'Remove a member from the organization',
      description:
        'Removes them from its workspaces, deletes their tokens here and ends their sessions, all at once. The service ' +
        'keys and SCIM tokens that they created stay: the answer lists them (`RemovedOrgMember`), and ' +
        '`revoke_created=true` deletes them, too. With the `id` of an invitation, it revokes that.',
    },
    'GET /api/v1/workspaces/current/members/active': { title: 'List the members of the current workspace' },
    'GET /api/v1/workspaces/current/members': {
      title: 'List members and invitations of the current workspace together',
    },
    'POST /api/v1/workspaces/current/members': {
      title: 'Add a member of the organization to the current workspace',
      body: { org_identity_id: EXAMPLE_IDS.ORG_IDENTITY_ID.example, role_id: EDITOR },
    },
    'PATCH /api/v1/workspaces/current/members/{identity_id}': {
      title: 'Change a role in the current workspace',
      body: { role_id: EDITOR },
    },
    'DELETE /api/v1/workspaces/current/members/{identity_id}': {
      title: 'Remove a member from the current workspace',
      description: 'They stay in the organization.',
    },
    'POST /api/v1/orgs/current/members/{identity_id}/password-link': {
      title: 'Create a password link for a member',
      description:
        'For Organization Admins in a session, with basic auth and without a mail server. Shown in this response only; hand ' +
        'it over. It works once, for 24 hours, and counts as a password that you choose.',
    },
    'POST /api/v1/orgs/current/members/basic/batch': {
      title: 'Create accounts with passwords',
      description:
        'For Organization Admins. They are members at once. A password you leave out is generated, and shown in this ' +
        'response only. Users whose account another organization created are refused: invite them.',
      body: [{ email: 'katherine@example.com', full_name: 'Katherine Johnson' }],
    },
  },
};
