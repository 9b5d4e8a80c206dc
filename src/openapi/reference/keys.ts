import { EXAMPLE_IDS } from './id-sources.js';
import { systemRole } from '../../modules/rbac/index.js';
import type { Task } from './task.js';

const VIEWER = systemRole('WORKSPACE_VIEWER').id;

const ENDS_CREATED = '`revoke_created=true` also ends what was created with it, and lists that.';

export const keys: Task = {
  title: 'Create keys',
  intro:
    'A personal access token acts as its owner, with the current roles of its owner. A service key acts for ' +
    'itself, in the workspaces and with the roles it was given. A key is shown once, when it is created; only a digest of ' +
    'it is stored. A key that is created with a key expires no later than that one.',
  operations: {
    'GET /api/v1/orgs/current/personal-access-tokens': { title: 'List your own tokens' },
    'POST /api/v1/orgs/current/personal-access-tokens': {
      title: 'Create a token for yourself',
      body: { description: 'My laptop' },
    },
    'DELETE /api/v1/orgs/current/personal-access-tokens/{pat_id}': {
      title: 'Delete one of your tokens',
      description: `With the tokens that were created with it. ${ENDS_CREATED}`,
    },
    'POST /api/v1/orgs/current/personal-access-tokens/{pat_id}/revocation': {
      title: 'Revoke a token',
      description:
        'It stops working with the next request, as do tokens that were created with it, and can be reinstated. ' +
        `Organization admins revoke tokens of every member. ${ENDS_CREATED}`,
    },
    'DELETE /api/v1/orgs/current/personal-access-tokens/{pat_id}/revocation': {
      title: 'Reinstate a revoked token',
      description: 'With the tokens that were revoked with it. A token that expired meanwhile stays expired.',
    },
    'GET /api/v1/orgs/current/members/personal-access-tokens': {
      title: 'List the tokens of all members',
      description: 'For organization admins. `created_by` is the owner.',
    },
    'GET /api/v1/orgs/current/service-keys': {
      title: 'List service keys',
      description:
        '`created_by` is the e-mail address of the member who created a key, or the key that it was created with; ' +
        'null if unknown, or no longer a member. `created_by_ls_user_id` stays. `exceeds_creator` marks keys that allow ' +
        'more than that member may do at present.',
    },
    'POST /api/v1/orgs/current/service-keys': {
      title: 'Create a service key',
      description:
        'Without `workspaces` it is for the whole organization; only organization admins may create such a key. Others need ' +
        '`workspaces:manage-keys` in each workspace, and give no more than they hold there.',
      body: {
        description: 'Nightly report',
        workspaces: [EXAMPLE_IDS.WORKSPACE_ID.example],
        role_id: VIEWER,
      },
    },
    'PATCH /api/v1/orgs/current/service-keys/{api_key_id}': {
      title: 'Change a service key',
      description:
        'Its description, workspaces and roles; the secret stays the same. Allowed for callers who manage the ' +
        'keys of all its workspaces and hold there what the change gives and takes. The expiry cannot be changed, and a key cannot change itself.',
      body: { role_id: VIEWER },
    },
    'DELETE /api/v1/orgs/current/service-keys/{api_key_id}': {
      title: 'Delete a service key',
      description:
        'For those who manage the keys of all its workspaces or the organization, and for who created it. A key for the ' +
        `whole organization is deleted by organization admins. ${ENDS_CREATED}`,
    },
    'GET /api/v1/service-accounts': { title: 'List service accounts' },
    'POST /api/v1/service-accounts': {
      title: 'Create a service account',
      description: 'A named account that is not a user and takes no seat.',
      body: {
        name: 'Deployment',
        workspaces: [{ workspace_id: EXAMPLE_IDS.WORKSPACE_ID.example, role_id: VIEWER }],
      },
    },
    'DELETE /api/v1/service-accounts/{service_account_id}': { title: 'Delete a service account' },
    'GET /api/v1/api-key': { title: 'List the service keys of the current workspace' },
    'POST /api/v1/api-key': {
      title: 'Create a service key for the current workspace',
      body: { description: 'Build' },
    },
    'DELETE /api/v1/api-key/{api_key_id}': { title: 'Delete a service key of the current workspace' },
    'GET /api/v1/api-key/current': { title: 'List your own tokens (older path)' },
    'POST /api/v1/api-key/current': {
      title: 'Create a token for yourself (older path)',
      body: { description: 'My laptop' },
    },
    'DELETE /api/v1/api-key/current/{pat_id}': { title: 'Delete one of your tokens (older path)' },
  },
};
