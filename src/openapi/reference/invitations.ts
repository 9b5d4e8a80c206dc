import { systemRole } from '../../modules/rbac/index.js';
import type { Task } from './task.js';

const USER = systemRole('ORGANIZATION_USER').id;
const EDITOR = systemRole('WORKSPACE_USER').id;

export const invitations: Task = {
  title: 'Invite people',
  intro:
    'An invitation is addressed to an e-mail address. Whoever signs in with that address can accept it; there is no ' +
    'secret link. Where the installation has a mail server, people are told by mail.',
  operations: {
    'POST /api/v1/workspaces/current/members/batch': {
      title: 'Bring a team into the current workspace',
      description:
        'Up to 500 people in one call, all or none. People who are in the organization already join the workspace at ' +
        'once; everybody else is invited to the organization and to this workspace. Workspace admins may invite new ' +
        'people where `workspace_admin_can_invite_to_org` is on. The answer has one row for each row sent, in the ' +
        'same order.',
      body: [{ email: 'ada@example.com', workspace_role_id: EDITOR }, { email: 'grace@example.com' }],
    },
    'POST /api/v1/orgs/current/members': {
      title: 'Invite somebody to the organization',
      description:
        'Name workspaces to invite them there, too. Answers 409 for somebody who is a member or invited already.',
      body: {
        email: 'alan@example.com',
        role_id: USER,
        workspace_ids: ['$WORKSPACE_ID'],
        workspace_role_id: EDITOR,
      },
    },
    'POST /api/v1/orgs/current/members/batch': {
      title: 'Invite many to the organization',
      description:
        'Up to 500 people in one call, all or none. Somebody who is invited already keeps that invitation, and the ' +
        'workspaces you name are added to it.',
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
      description:
        '`workspace_ids` replaces the whole list. Allowed to whoever could have sent this invitation.',
      body: { workspace_role_id: EDITOR },
    },
    'PATCH /api/v1/workspaces/current/members/{identity_id}/pending': {
      title: 'Change the role an invitation gives in the current workspace',
      body: { role_id: EDITOR },
    },
    'POST /api/v1/orgs/current/members/{identity_id}/pending/resend': {
      title: 'Send an invitation again',
      description:
        'The time until it expires starts again, and it is mailed again. What it gives stays the same.',
    },
    'DELETE /api/v1/orgs/current/members/{identity_id}/pending': { title: 'Revoke an invitation' },
    'DELETE /api/v1/workspaces/current/members/{identity_id}/pending': {
      title: 'Take the current workspace out of an invitation',
      description: 'An invitation made by workspaces alone ends when its last workspace is taken out.',
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
