import { EXAMPLE_IDS } from './id-sources.js';
import { systemRole } from '../../modules/rbac/index.js';
import type { Task } from './task.js';

const EDITOR = systemRole('WORKSPACE_USER').id;

export const organizations: Task = {
  title: 'Set up an organization',
  intro:
    'An organization has its own members, seats and settings. Its switches decide whether workspace admins may invite ' +
    'new people, whether invitations can be accepted, and how long keys may live.',
  operations: {
    'GET /api/v1/orgs': { title: 'List your organizations' },
    'POST /api/v1/orgs': {
      title: 'Create an organization',
      description: 'Requires single sign-on and `ORG_CREATION_DISABLED=false`. You become its admin.',
      body: { display_name: 'Acme', is_personal: false },
    },
    'GET /api/v1/orgs/current': { title: 'See the organization' },
    'GET /api/v1/orgs/current/info': { title: 'See its settings' },
    'GET /v1/platform/orgs/current/info': { title: 'See its settings (platform path)' },
    'PATCH /api/v1/orgs/current/info': {
      title: 'Change its settings',
      description:
        'Fields that you leave out stay as they are; null clears a field that may be empty. The example lets ' +
        'workspace admins invite new people.',
      body: { workspace_admin_can_invite_to_org: true },
    },
    'PATCH /api/v1/orgs/current/login-methods': {
      title: 'Allow single sign-on only',
      description:
        'To turn it on, use a session that was signed in by single sign-on, which proves that it works.',
      body: { sso_only: true },
    },
    'GET /api/v1/orgs/current/sso-settings': { title: 'See what users get on their first single sign-on' },
    'POST /api/v1/orgs/current/sso-settings': {
      title: 'Set what users get on their first single sign-on',
      body: {
        default_workspace_role_id: EDITOR,
        default_workspace_ids: [EXAMPLE_IDS.WORKSPACE_ID.example],
        metadata_url: 'https://idp.example.com/metadata',
      },
    },
    'PATCH /api/v1/orgs/current/sso-settings/{id}': {
      title: 'Change what users get on their first single sign-on',
      body: { default_workspace_role_id: EDITOR },
    },
    'DELETE /api/v1/orgs/current/sso-settings/{id}': { title: 'Remove the single sign-on settings' },
    'POST /api/v1/orgs/current/set-default-sso-provision': {
      title: 'Make this the default organization',
      description:
        'Users who sign in for the first time become its members. You have to be an admin of this organization and of the ' +
        'one that is the default now.',
    },
  },
};
