import type { Task } from './task.js';

const PERIOD = { start_time: '2026-01-01T00:00:00Z', end_time: '2100-01-01T00:00:00Z' };

export const audit: Task = {
  title: 'See who did what',
  intro:
    'Every change and every refused attempt at one is recorded as an entry. `GET /api/v1/audit-logs/export` exports ' +
    'a whole period, one JSON object per line.',
  operations: {
    'GET /api/v1/audit-logs': {
      title: 'Read the audit log',
      description: 'Entries in the OCSF 1.7.0 format, newest first. Both ends of the period are included.',
      values: PERIOD,
    },
    'GET /api/v1/audit-logs/operations': { title: 'List the operations of the audit log' },
  },
};
