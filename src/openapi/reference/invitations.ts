import { EXAMPLE_IDS } from './id-sources.js';
import { systemRole } from '../../modules/rbac/index.js';
import type { Task } from './task.js';

const USER = systemRole('ORGANIZATION_USER').id;
const EDITOR = systemRole('WORKSPACE_USER').id;

export const invitations: Task = {
  title: 'Invite people',
  intro:
    'An invitation is addressed to an e-mail address. The user who signs in with that address can accept it; there is no ' +
    'secret link. If the installation has a mail server, invitations are also sent by e-mail.',
  operations: {
    'POST /api/v1/workspaces/current/members/batch': {
      title: 'Invite a team to the current workspace',
      description:
        'Up to 500 people in one call, all or none. Members of the organization join the workspace at ' +
        'once; the others are invited to the organization and to this workspace. Workspace admins may invite new ' +
        'people where `workspace_admin_can_invite_to_org` is on. The response has one row for each row sent, in the ' +
        'same order.',
      body: [{ email: 'ada@example.com', workspace_role_id: EDITOR }, { email: 'grace@example.com' }],
    },
    'POST /api/v1/orgs/current/members': {
      title: 'Invite a user to the organization',
      description:
        'Name workspaces to invite them there, too. Returns 409 if the user is already a member or invited.',
      body: {
        email: 'alan@example.com',
        role_id: USER,
        workspace_ids: [EXAMPLE_IDS.WORKSPACE_ID.example],
        workspace_role_id: EDITOR,
      },
    },
    'POST /api/v1/orgs/current/members/batch': {
      title: 'Invite many users to the organization',
      description:
        'Up to 500 people in one call, all or none. An existing invitation is kept, and the ' +
        'workspaces you name are added to it.',
      body: [
        { email: 'barbara@example.com' },
        { email: 'edsger@example.com', workspace_ids: [EXAMPLE_IDS.WORKSPACE_ID.example] },
      ],
    },
    'GET /api/v1/orgs/current/members/pending': { title: 'List who is invited to the organization' },
    'GET /api/v1/workspaces/current/members/pending': {
      title: 'List who is invited to the current workspace',
    },
    'PATCH /api/v1/orgs/current/members/{identity_id}/pending': {
      title: 'Change the role an invitation grants in the organization',
      description: 'Allowed for callers who could have sent this invitation.',
      body: { role_name: 'ORGANIZATION_VIEWER' },
    },
    'PATCH /api/v1/workspaces/current/members/{identity_id}/pending': {
      title: 'Change the role an invitation grants in the current workspace',
      body: { role_name: 'WORKSPACE_USER' },
    },
    'POST /api/v1/orgs/current/members/{identity_id}/pending/resend': {
      title: 'Send an invitation again',
      description: 'Renews its expiry and mails it again. Its grants stay the same.',
    },
    'POST /api/v1/orgs/current/members/{identity_id}/pending/password-link': {
      title: 'Create a password link for an invited person',
      description:
        'As for a member. Whoever sets a password with it has accepted the invitation. Only for addresses without a password.',
    },
    'POST /api/v1/workspaces/current/members/{identity_id}/pending/resend': {
      title: 'Send an invitation to the current workspace again',
      description: 'Allowed for callers who could have sent all of this invitation.',
    },
    'DELETE /api/v1/orgs/current/members/{identity_id}/pending': { title: 'Revoke an invitation' },
    'DELETE /api/v1/workspaces/current/members/{identity_id}/pending': {
      title: 'Remove the current workspace from an invitation',
      description: 'An invitation created by a workspace ends when its last workspace is removed.',
    },
    'GET /api/v1/orgs/pending': { title: 'See which organizations invite you' },
    'POST /api/v1/orgs/pending/{organization_id}/claim': {
      title: 'Accept an invitation',
      description: 'You join the organization and all workspaces of the invitation.',
    },
    'DELETE /api/v1/orgs/pending/{organization_id}': { title: 'Decline an invitation' },
    'GET /api/v1/workspaces/pending': { title: 'See which workspaces invite you' },
    'POST /api/v1/workspaces/pending/{workspace_id}/claim': {
      title: 'Accept an invitation by naming one of its workspaces',
      description: 'This accepts the whole invitation.',
    },
    'DELETE /api/v1/workspaces/pending/{id}': { title: 'Decline one workspace of an invitation' },
  },
};
