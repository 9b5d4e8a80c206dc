import type { Break } from '../break.ts';

const START = 'src/database/connection/wait-for-database.ts';

const DOCTOR = 'test/processes/doctor.e2e.ts';

/** What a database has to be (docs/postgresql.md). */
export const DATABASE: readonly Break[] = [
  {
    id: 'database.is-no-other-engine',
    file: START,
    find: 'OTHER_ENGINES.test(version) || ',
    replace: '',
    why: 'A server would run on an engine whose transactions are numbered otherwise, and serve revoked access from its cache.',
    tests: [DOCTOR],
  },
  {
    id: 'database.is-new-enough',
    file: START,
    find: 'number < OLDEST',
    replace: 'number < 0',
    why: 'A server would begin to migrate a PostgreSQL that lacks what its migrations need.',
    tests: [DOCTOR],
  },
];
