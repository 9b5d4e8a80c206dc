import type { TestApp } from './test-app.js';

const OPEN = `
  select state, state_change as "since" from pg_stat_activity
  where datname = current_database() and application_name = 'tenantry lists' and xact_start is not null`;

/** The transactions of large lists that are open at the moment, each with the time of its last statement. */
export const openCursors = ({ sql }: Pick<TestApp, 'sql'>): Promise<{ state: string; since: Date }[]> =>
  sql(OPEN);
