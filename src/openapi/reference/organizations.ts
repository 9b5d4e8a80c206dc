import { systemRole } from '../../modules/rbac/index.js';
import type { Task } from './task.js';

const EDITOR = systemRole('WORKSPACE_USER').id;

export const organizations: Task = {
  title: 'Set an organization up',
  intro:
    'An organization is the border of membership, seats and settings. Its switches decide whether workspace admins may ' +
    'invite, whether invitations admit anybody, how long keys live.',
  operations: {
    'GET /api/v1/orgs': { title: 'List your organizations' },
    'POST /api/v1/orgs': {
      title: 'Found an organization',
      says: 'Where the installation allows it (ORG_CREATION_DISABLED). You become its admin.',
      body: { display_name: 'Acme', is_personal: false },
    },
    'GET /api/v1/orgs/current': { title: 'See the organization' },
    'GET /api/v1/orgs/current/info': { title: 'See its settings' },
    'GET /v1/platform/orgs/current/info': { title: 'See its settings, as platform clients do' },
    'PATCH /api/v1/orgs/current/info': {
      title: 'Change its settings',
      says: 'What is absent stays as it is; null clears what may be empty. This one lets workspace admins invite.',
      body: { workspace_admin_can_invite_to_org: true },
    },
    'PATCH /api/v1/orgs/current/login-methods': {
      title: 'Allow single sign-on only',
      says: 'From a session that signed in that way: proof that it works.',
      body: { sso_only: true },
    },
    'GET /api/v1/orgs/current/sso-settings': { title: 'See where newcomers of single sign-on land' },
    'POST /api/v1/orgs/current/sso-settings': {
      title: 'Set where newcomers of single sign-on land',
      body: {
        default_workspace_role_id: EDITOR,
        default_workspace_ids: ['$WORKSPACE_ID'],
        metadata_url: 'https://idp.example.com/metadata',
      },
    },
    'PATCH /api/v1/orgs/current/sso-settings/{id}': {
      title: 'Change where newcomers land',
      body: { default_workspace_role_id: EDITOR },
    },
    'DELETE /api/v1/orgs/current/sso-settings/{id}': { title: 'Remove the settings of single sign-on' },
    'POST /api/v1/orgs/current/set-default-sso-provision': {
      title: 'Make it the default organization',
      says: 'Whoever signs in for the first time lands there. You are admin of it and of the present default.',
    },
  },
};
