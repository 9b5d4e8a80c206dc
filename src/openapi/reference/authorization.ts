import { EXAMPLE_IDS, type Task } from './task.js';

const SUBJECT = { type: 'user', id: 'ada@example.com' };
const WORKSPACE = { type: 'workspace', id: EXAMPLE_IDS.WORKSPACE_ID.example };

const WHO_MAY_ASK =
  'About oneself with `organization:read`; about others with `organization:manage`, or about a workspace in which the ' +
  'caller holds `workspaces:manage-members`.';

const WHO_MAY_SEARCH = 'Needs `organization:manage`, or `workspaces:manage-members` in the workspace.';

export const authorization: Task = {
  title: 'Ask who may do what (OpenID AuthZEN)',
  intro:
    'The Authorization API 1.0 of OpenID AuthZEN, for services that enforce what this server decides: whether a user, a ' +
    'service account or a service key may do something in a workspace. The decision is that of roles, user groups and ' +
    'access policies.',
  operations: {
    'POST /access/v1/evaluation': {
      title: 'Ask for a decision',
      description: WHO_MAY_ASK,
      body: { subject: SUBJECT, action: { name: 'datasets:read' }, resource: WORKSPACE },
    },
    'POST /access/v1/evaluations': {
      title: 'Ask for up to 500 decisions',
      description: `Members of the request are the defaults of its evaluations. ${WHO_MAY_ASK}`,
      body: {
        subject: SUBJECT,
        resource: WORKSPACE,
        evaluations: [{ action: { name: 'datasets:read' } }, { action: { name: 'datasets:delete' } }],
      },
    },
    'POST /access/v1/search/subject': {
      title: 'Find who may do something in a workspace',
      description: `Users, service accounts or service keys, in pages. ${WHO_MAY_SEARCH}`,
      body: { subject: { type: 'user' }, action: { name: 'datasets:delete' }, resource: WORKSPACE },
    },
    'POST /access/v1/search/resource': {
      title: 'Find the workspaces in which somebody may do something',
      description: 'Needs `organization:manage`.',
      body: { subject: SUBJECT, action: { name: 'datasets:read' }, resource: { type: 'workspace' } },
    },
    'POST /access/v1/search/action': {
      title: 'Find what somebody may do in a workspace',
      description: WHO_MAY_SEARCH,
      body: { subject: SUBJECT, resource: WORKSPACE },
    },
    'GET /.well-known/authzen-configuration': {
      title: 'Read where the endpoints of AuthZEN are',
      description: 'Without a credential. 404 where `LANGSMITH_URL` is not set.',
    },
  },
};
