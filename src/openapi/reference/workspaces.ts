import type { Task } from './task.js';

export const workspaces: Task = {
  title: 'Create and manage workspaces',
  intro: 'A workspace is a subdivision of an organization. Field names and older paths call it a tenant.',
  operations: {
    'GET /api/v1/workspaces': {
      title: 'List workspaces',
      description:
        'Lists the workspaces you can see; with `include_deleted`, deleted ones too. `invite_access` tells for each ' +
        'whether you may invite new people and add members of the organization there, and what prevents it.',
    },
    'POST /api/v1/workspaces': { title: 'Create a workspace', body: { display_name: 'Research' } },
    'GET /api/v1/workspaces/{workspace_id}': {
      title: 'See a workspace',
      description: 'With `include_deleted`, also a deleted one that the list shows you.',
    },
    'PATCH /api/v1/workspaces/{workspace_id}': {
      title: 'Rename a workspace',
      body: { display_name: 'Research and development' },
    },
    'DELETE /api/v1/workspaces/{workspace_id}': {
      title: 'Delete a workspace',
      description:
        'Its memberships and its part of invitations are deleted, and keys for it alone stop working. This cannot be ' +
        'undone.',
    },
    'GET /api/v1/settings': { title: 'See the name and handle of the current workspace' },
    'POST /api/v1/settings/handle': {
      title: 'Choose the handle of the current workspace',
      description: 'The handle is its name in links, unique in the whole installation.',
      body: { tenant_handle: 'research' },
    },
    'GET /api/v1/tenants': { title: 'List your workspaces in all organizations' },
    'POST /api/v1/tenants': {
      title: 'Create an organization together with its first workspace',
      body: { display_name: 'Acme' },
    },
  },
};
