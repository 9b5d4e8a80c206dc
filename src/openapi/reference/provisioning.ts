import type { Task } from './task.js';

const TOKENS = '/v1/platform/orgs/current/scim/tokens';

export const provisioning: Task = {
  title: 'Let an identity provider manage users',
  intro:
    'An identity provider such as Okta or Entra writes users and groups to `/scim/v2`, with a SCIM token of the ' +
    'organization. Organization admins create, change and delete these tokens.',
  operations: {
    [`GET ${TOKENS}`]: { title: 'List SCIM tokens' },
    [`POST ${TOKENS}`]: {
      title: 'Create a SCIM token',
      description:
        'The token is shown in this response only. Created with a key, it expires no later than that key.',
      body: { description: 'Okta' },
    },
    [`GET ${TOKENS}/{scim_token_id}`]: { title: 'See a SCIM token' },
    [`PATCH ${TOKENS}/{scim_token_id}`]: {
      title: 'Edit the description of a SCIM token',
      body: { description: 'Entra' },
    },
    [`DELETE ${TOKENS}/{scim_token_id}`]: { title: 'Delete a SCIM token' },
    'POST /v1/platform/orgs/current/scim/groups/preview': {
      title: 'See which roles groups with these names would grant',
      description: 'Nothing is changed.',
      body: { names: ['LS:Organization Admins', 'LS:Organization User:Workspace 1:Editor'] },
    },
  },
};
