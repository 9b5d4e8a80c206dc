import type { Task } from './task.js';

const WEBHOOKS = '/api/v1/orgs/current/webhooks';

export const receivers: Task = {
  title: 'Send events to other systems',
  intro:
    'A webhook is an address to which this server sends what happens in the organization, as in `GET /api/v1/orgs/current/events`, ' +
    'signed as in Standard Webhooks 1.0.0.',
  operations: {
    [`GET ${WEBHOOKS}`]: {
      title: 'List webhooks',
      description: 'For callers with `organization:manage`. Newest first, without secrets.',
    },
    [`POST ${WEBHOOKS}`]: {
      title: 'Create a webhook',
      description:
        'For Organization Admins. `secret` is in this response only; what happens from now on is sent. At most 20.',
      body: {
        url: 'https://hooks.example.com/tenantry',
        types: ['membership.created', 'membership.deleted'],
      },
    },
    [`GET ${WEBHOOKS}/{webhook_id}`]: {
      title: 'See a webhook',
      description: 'For callers with `organization:manage`.',
    },
    [`PATCH ${WEBHOOKS}/{webhook_id}`]: {
      title: 'Change, enable or disable a webhook',
      description:
        'For Organization Admins. What happened while it was disabled is not sent, except with `redeliver`.',
      body: { is_enabled: false },
    },
    [`DELETE ${WEBHOOKS}/{webhook_id}`]: {
      title: 'Delete a webhook',
      description: 'For Organization Admins. What has not arrived is not sent any more.',
    },
    [`POST ${WEBHOOKS}/{webhook_id}/rotate-secret`]: {
      title: 'Replace the secret of a webhook',
      description:
        'For Organization Admins. `secret` is in this response only. During the overlap, requests have the signatures of both ' +
        'secrets. A second rotation ends the older one at once.',
      body: { overlap_hours: 24 },
    },
    [`GET ${WEBHOOKS}/{webhook_id}/deliveries`]: {
      title: 'See what was sent to a webhook',
      description:
        'For callers with `organization:manage`. The last 1,000 attempts of the last 7 days, newest first.',
    },
    [`POST ${WEBHOOKS}/{webhook_id}/test`]: {
      title: 'Test a webhook',
      description:
        'For Organization Admins. Sends an event of the type `webhook.test` now, also to a disabled webhook, and returns the attempt.',
    },
    [`POST ${WEBHOOKS}/{webhook_id}/redeliver`]: {
      title: 'Send events to a webhook again',
      description:
        'For Organization Admins. By id, of a period, or all that have not arrived; at most 10,000. A disabled webhook gets them when it ' +
        'is enabled.',
      body: { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' },
    },
  },
};
