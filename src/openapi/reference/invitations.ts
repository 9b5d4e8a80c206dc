import { systemRole } from '../../modules/rbac/index.js';
import type { Task } from './task.js';

const USER = systemRole('ORGANIZATION_USER').id;
const EDITOR = systemRole('WORKSPACE_USER').id;

export const invitations: Task = {
  title: 'Invite people',
  intro:
    'An invitation is addressed to an e-mail and waits until its owner accepts it. Whoever signs in with that address ' +
    'can; there is no secret link. Where the installation has a mail server, people are told by mail.',
  operations: {
    'POST /api/v1/workspaces/current/members/batch': {
      title: 'Bring a team into the current workspace',
      says:
        'Up to 500 people in one call, all or none. Who is in the organization already joins at once, everybody else ' +
        'is invited to the organization and this workspace. Workspace admins may invite new people where ' +
        '`workspace_admin_can_invite_to_org` is on. One row comes back per row sent, in the same order.',
      body: [{ email: 'ada@example.com', workspace_role_id: EDITOR }, { email: 'grace@example.com' }],
    },
    'POST /api/v1/orgs/current/members': {
      title: 'Invite somebody to the organization',
      says: 'And to any of its workspaces. Somebody who is in or waits already is 409.',
      body: {
        email: 'alan@example.com',
        role_id: USER,
        workspace_ids: ['$WORKSPACE_ID'],
        workspace_role_id: EDITOR,
      },
    },
    'POST /api/v1/orgs/current/members/batch': {
      title: 'Invite many to the organization',
      says: 'Up to 500, all or none; who waits already is answered with the invitation that exists.',
      body: [
        { email: 'barbara@example.com' },
        { email: 'edsger@example.com', workspace_ids: ['$WORKSPACE_ID'] },
      ],
    },
    'GET /api/v1/orgs/current/members/pending': { title: 'List who is invited to the organization' },
    'GET /api/v1/workspaces/current/members/pending': {
      title: 'List who is invited to the current workspace',
    },
    'PATCH /api/v1/orgs/current/members/{identity_id}/pending': {
      title: 'Change what an invitation gives',
      says: '`workspace_ids` are all that shall be left. By who could have invited so.',
      body: { workspace_role_id: EDITOR },
    },
    'PATCH /api/v1/workspaces/current/members/{identity_id}/pending': {
      title: 'Change the role an invitation gives in the current workspace',
      body: { role_id: EDITOR },
    },
    'POST /api/v1/orgs/current/members/{identity_id}/pending/resend': {
      title: 'Send an invitation again',
      says: 'Its time starts anew, and it is mailed again; what it gives stays.',
    },
    'DELETE /api/v1/orgs/current/members/{identity_id}/pending': { title: 'Revoke an invitation' },
    'DELETE /api/v1/workspaces/current/members/{identity_id}/pending': {
      title: 'Take the current workspace out of an invitation',
      says: 'An invitation that only workspaces made ends with its last one.',
    },
    'GET /api/v1/orgs/pending': { title: 'See which organizations invite you' },
    'POST /api/v1/orgs/pending/{organization_id}/claim': {
      title: 'Accept an invitation',
      says: 'With all of its workspaces.',
    },
    'DELETE /api/v1/orgs/pending/{organization_id}': { title: 'Decline an invitation' },
    'GET /api/v1/workspaces/pending': { title: 'See which workspaces invite you' },
    'POST /api/v1/workspaces/pending/{workspace_id}/claim': { title: 'Accept through one of the workspaces' },
    'DELETE /api/v1/workspaces/pending/{id}': { title: 'Decline a workspace' },
  },
};
