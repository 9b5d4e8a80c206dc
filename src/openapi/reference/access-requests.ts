import { EXAMPLE_IDS, type Task } from './task.js';

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
