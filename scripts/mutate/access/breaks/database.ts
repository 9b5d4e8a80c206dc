import type { Break } from '../break.ts';

const START = 'src/database/connection/wait-for-database.ts';

const SCHEMA = 'src/database/schema/schema-files.ts';

const CREDENTIALS = 'src/database/connection/current-credentials.ts';

const FILES = 'test/processes/chart-environment.e2e.ts';
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
  {
    id: 'database.older-schemas-are-refused',
    file: 'src/database/schema/schema-state.ts',
    find: 'if (missing !== undefined) throw',
    replace: `if (missing === '') throw`,
    why: 'A database of an old version would fail in the middle of an upgrade, without saying what to do.',
    tests: ['test/processes/migrate-command.e2e.ts'],
  },
  {
    id: 'database.newer-functions-stay',
    file: SCHEMA,
    find: '(last.digest !== this.digest && !isNewer(last.version))',
    replace: 'last.digest !== this.digest',
    why: 'A replica of an older version that starts late would put triggers back whose hole a newer one has closed.',
    tests: ['test/architecture/schema-files.spec.ts'],
  },
  {
    id: 'database.password-is-read-again',
    file: CREDENTIALS,
    find: '{ ...options, password: now.password }',
    replace: 'options',
    why: 'After a rotation of the password, every request would fail until a restart.',
    tests: [FILES],
  },
  {
    id: 'database.password-is-for-its-role',
    file: CREDENTIALS,
    find: '.find((each) => TARGET.every((name) => each[name] === options[name]))',
    replace: '.at(0)',
    why: 'The password of another role or host would be sent to this one.',
    tests: [FILES],
  },
  {
    id: 'database.last-password-is-kept',
    file: CREDENTIALS,
    find: 'this.lastByUrl.get(url) ?? optionsIn(url)',
    replace: 'optionsIn(url)',
    why: 'While the file cannot be read, every request would fail after the first rotation.',
    tests: [FILES],
  },
];
