import { systemRole } from '../../modules/roles/index.js';
import { EXAMPLE_IDS, type Task } from './task.js';

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

export const members: Task = {
  title: 'Manage members',
  intro:
    'A user has one role in the organization and one in each of their workspaces. Paths ask for an `identity_id`: ' +
    'it is the `id` in the list of the same level. Organization lists and workspace lists have different ids for the ' +
    'same user.',
  operations: {
    'GET /api/v1/orgs/current/members/active': {
      title: 'List the members of the organization',
      description:
        'In pages. You can filter by e-mail address, user id, text and role, with `organization:manage` also by source ' +
        'and last activity, and with `organization:user-groups:read` by user group.',
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
    'GET /api/v1/orgs/current/members/{identity_id}/sessions': {
      title: 'See whether a member is signed in',
      description:
        'For Organization Admins. How many sessions there are and when one was last used, in any organization; never from where.',
    },
    'DELETE /api/v1/orgs/current/members/{identity_id}/sessions': {
      title: 'Sign a member out everywhere',
      description:
        'For Organization Admins who are signed in. Ends all sessions of the member, your own included if it is you. Keys ' +
        'and tokens stay. Returns 409 if the member also belongs to an organization of which you are not an admin.',
    },
    'GET /api/v1/workspaces/current/members/active': {
      title: 'List the members of the current workspace',
      description:
        'In pages, with the filters of the list of the organization. Roles and sources are those here.',
    },
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

const REQUESTS = '/api/v1/orgs/current/access-requests';

const WHO_DECIDES = 'For callers who could give this access themselves, never for the requester.';

export const accessRequests: Task = {
  title: 'Ask for access, and decide',
  intro:
    'Members ask for a role in a workspace, or to be in a user group, where an admin has switched that on (`requestable`). ' +
    'Whoever could give it decides.',
  operations: {
    [`GET ${REQUESTS}/targets`]: {
      title: 'List what can be asked for',
      description: 'For members with a session. By name.',
    },
    [`POST ${REQUESTS}`]: {
      title: 'Ask for access',
      description:
        'For members with a session. One open request for each workspace or user group, 10 in all, 20 within 24 hours.',
      body: {
        workspace_id: EXAMPLE_IDS.WORKSPACE_ID.example,
        reason: 'On call next week.',
        duration_seconds: 604_800,
      },
    },
    [`GET ${REQUESTS}`]: {
      title: 'List access requests',
      description: 'One’s own, and those that the caller could grant. Newest first.',
    },
    [`GET ${REQUESTS}/{access_request_id}`]: {
      title: 'See an access request',
      description: 'For the requester, and callers who could grant it.',
    },
    [`POST ${REQUESTS}/{access_request_id}/approval`]: {
      title: 'Approve an access request',
      description: `Gives what was asked for, or less. ${WHO_DECIDES}`,
      body: {},
    },
    [`POST ${REQUESTS}/{access_request_id}/decline`]: {
      title: 'Decline an access request',
      description: WHO_DECIDES,
      body: { reason: 'Ask for the role Viewer instead.' },
    },
    [`DELETE ${REQUESTS}/{access_request_id}`]: {
      title: 'Withdraw an access request',
      description: 'For the requester.',
    },
  },
};
