import type { Task } from './task.js';

export const instance: Task = {
  title: 'Monitor the server',
  intro: 'For Prometheus there is also `GET /metrics`, on `METRICS_PORT` where that is set.',
  operations: {
    'GET /api/v1/ok': { title: 'Check whether the server is ready' },
    'GET /api/v1/info': { title: 'See the version and the feature switches' },
    'GET /api/v1/info/health': { title: 'See the health of the server' },
  },
};
