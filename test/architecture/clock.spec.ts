import { globSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

/** Reads the wall clock of the process; `new Date(value)` does not. */
const PROCESS_CLOCK = /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)|\bTemporal\.Now\b/;

/** Files that may read the clock of the process, and what for. Nothing stored may depend on it. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/database/connection/readiness-probe.ts':
    'measures how the clock of the process differs from the database',
  'src/optional/access-cache/lease.ts': 'ends a lease when the clocks of the process disagree',
  'src/common/logging/log-requests.ts': 'dates lines of the log, like pino',
  'src/modules/auth/oidc/provider/provider-client.ts':
    'tells openid-client how the clock of the process differs from the database',
  'src/modules/oauth-server/library/library-adapter.ts':
    'tells oidc-provider, by its clock, what the database says is left of a code or token',
  'src/modules/instance/doctor/service-checks.ts':
    'dates a client assertion of the doctor, which may have no database',
};

const RULE =
  'The clock of the process decides nothing (docs/contract/installation.md#clock). Use now() in SQL, DatabaseClock, or ' +
  'performance.now() for a duration; a use that decides and dates nothing stored is listed in ' +
  'test/architecture/clock.spec.ts with its reason.';

const readers = globSync('src/**/*.ts')
  .filter((file) => !file.endsWith('.spec.ts'))
  .filter((file) => PROCESS_CLOCK.test(readFileSync(file, 'utf8')));

it('reads the clock of the process only in the listed files', () => {
  const unlisted = readers.filter((file) => !(file in ALLOWED));

  expect(unlisted.map((file) => `${file}: ${RULE}`)).toEqual([]);
});

it('lists no file that does not read the clock of the process', () => {
  expect(Object.keys(ALLOWED).filter((file) => !readers.includes(file))).toEqual([]);
});

it.each(['Date.now()', 'new Date()', 'Date()', 'items.map(Date.now)', 'Temporal.Now.instant()'])(
  'recognizes %s as a reading of the clock of the process',
  (code) => expect(code).toMatch(PROCESS_CLOCK),
);

it.each(['new Date(row.at)', 'new Date(0)', 'performance.now()', 'isDate()'])(
  'does not take %s for a reading of the clock of the process',
  (code) => expect(code).not.toMatch(PROCESS_CLOCK),
);
