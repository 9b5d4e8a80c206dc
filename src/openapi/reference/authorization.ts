import { EXAMPLE_IDS, type Task } from './task.js';

const SUBJECT = { type: 'user', id: 'ada@example.com' };
const WORKSPACE = { type: 'workspace', id: EXAMPLE_IDS.WORKSPACE_ID.example };

const WHO_MAY_ASK =
  'About oneself with `organization:read`; about others with `organization:manage`, or about a workspace in which the ' +
  'caller holds `workspaces:manage-members`.';

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
    'GET /.well-known/authzen-configuration': {
      title: 'Read where the endpoints of AuthZEN are',
      description: 'Without a credential. 404 where `LANGSMITH_URL` is not set.',
    },
  },
};
