import { systemRole } from '../../modules/rbac/index.js';
import type { Task } from './task.js';

const VIEWER = systemRole('WORKSPACE_VIEWER').id;

export const keys: Task = {
  title: 'Make keys',
  intro:
    'A personal access token acts as its owner, with the roles they have at the time. A service key acts for itself, ' +
    'in the workspaces and with the roles it was given. Each is shown once, when it is made; only a digest is kept.',
  operations: {
    'GET /api/v1/orgs/current/personal-access-tokens': { title: 'List your own tokens' },
    'POST /api/v1/orgs/current/personal-access-tokens': {
      title: 'Make a token for yourself',
      body: { description: 'My laptop' },
    },
    'DELETE /api/v1/orgs/current/personal-access-tokens/{pat_id}': { title: 'Delete one of your tokens' },
    'GET /api/v1/orgs/current/service-keys': { title: 'List service keys' },
    'POST /api/v1/orgs/current/service-keys': {
      title: 'Make a service key',
      says: 'Without `workspaces` it is for the whole organization, which only its admins may make.',
      body: { description: 'Nightly report', workspaces: ['$WORKSPACE_ID'], role_id: VIEWER },
    },
    'PATCH /api/v1/orgs/current/service-keys/{api_key_id}': {
      title: 'Change a service key',
      says:
        'Without a new secret: its name, workspaces and roles, by who could have made it so. Never its end. No key ' +
        'changes itself.',
      body: { description: 'Weekly report' },
    },
    'DELETE /api/v1/orgs/current/service-keys/{api_key_id}': { title: 'Delete a service key' },
    'GET /api/v1/service-accounts': { title: 'List service accounts' },
    'POST /api/v1/service-accounts': {
      title: 'Make a service account',
      says: 'A named principal that is no person and takes no seat.',
      body: { name: 'Deployment', workspaces: [{ workspace_id: '$WORKSPACE_ID', role_id: VIEWER }] },
    },
    'DELETE /api/v1/service-accounts/{service_account_id}': { title: 'Delete a service account' },
    'GET /api/v1/api-key': { title: 'List the service keys of the current workspace' },
    'POST /api/v1/api-key': {
      title: 'Make a service key for the current workspace',
      body: { description: 'Build' },
    },
    'DELETE /api/v1/api-key/{api_key_id}': { title: 'Delete a service key of the current workspace' },
    'GET /api/v1/api-key/current': { title: 'List your own tokens, at the older address' },
    'POST /api/v1/api-key/current': {
      title: 'Make a token for yourself, at the older address',
      body: { description: 'My laptop' },
    },
    'DELETE /api/v1/api-key/current/{pat_id}': { title: 'Delete one of your tokens, at the older address' },
  },
};
