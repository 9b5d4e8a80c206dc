import type { Task } from './task.js';

const PERIOD = { start_time: '2026-01-01T00:00:00Z', end_time: '2100-01-01T00:00:00Z' };

export const audit: Task = {
  title: 'See who did what',
  intro: 'Every change leaves an entry, and so does every refused attempt at one.',
  operations: {
    'GET /api/v1/audit-logs': {
      title: 'Read the audit log',
      says: 'In the form of OCSF 1.7.0, newest first; both ends of the period are part of it.',
      values: PERIOD,
    },
    'GET /api/v1/audit-logs/export': {
      title: 'Export the audit log',
      says: 'A line of JSON for each entry of a period, however long it is.',
      values: PERIOD,
    },
  },
};
