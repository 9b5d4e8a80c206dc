import type { Task } from './task.js';

export const instance: Task = {
  title: 'Watch the server',
  intro: 'Beside these there is `GET /metrics` for Prometheus.',
  operations: {
    'GET /api/v1/ok': { title: 'Ask whether it is ready' },
    'GET /api/v1/info': { title: 'See its version and switches' },
    'GET /api/v1/info/health': { title: 'See its health, in the published form' },
  },
};
