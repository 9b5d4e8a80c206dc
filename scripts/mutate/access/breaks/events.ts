import type { Break } from '../break.ts';

const TESTS = ['test/e2e/events.e2e.ts'];
const PREPARED = ['test/processes/prepared-transactions.e2e.ts'];
const CURSORS = 'src/modules/receivers/core/log-cursors.repository.ts';
const LIST = 'src/modules/events/list-events.ts';

/** The events of an organization. */
export const EVENTS: readonly Break[] = [
  {
    id: 'events.rights-confirmed-after-waiting',
    file: LIST,
    find: '      await reader.revalidate();\n',
    replace: '',
    why: 'A member who was removed while a request waited would get the event of it.',
    tests: TESTS,
  },
  {
    id: 'events.waiting-requests-are-limited',
    file: 'src/modules/events/waiting-requests.ts',
    find: '[credential.id, MOST_PER_CREDENTIAL],',
    replace: '[credential.id, MOST_PER_CREDENTIAL + MOST],',
    why: 'One caller would use up the connections of the server.',
    tests: TESTS,
  },
  {
    id: 'events.half-of-the-waiting-requests',
    file: 'src/modules/events/waiting-requests.ts',
    find: 'const MOST_PER_ORGANIZATION = MOST / 2;',
    replace: 'const MOST_PER_ORGANIZATION = MOST;',
    why: 'One organization would keep all others from waiting for events.',
    tests: TESTS,
  },
  {
    id: 'events.only-of-the-organization',
    file: 'src/modules/events/entries-after.statements.ts',
    find: 'and (e.org_id, e.position) <= (',
    replace: 'and (${organization}, e.position) <= (',
    why: 'An admin would read the events of other organizations.',
    tests: TESTS,
  },
  {
    id: 'events.proof-of-recording',
    file: LIST,
    find: 'return this.proofs.isProofOfFacts(recording.proof, reader, facts) ? recording.recordedAt : null;',
    replace: 'return facts.length > 0 ? recording.recordedAt : null;',
    why: 'A forged cursor would read the events without an entry in the audit log.',
    tests: TESTS,
  },
  {
    id: 'events.cursor-names-its-entry',
    file: LIST,
    find: 'isNamed && !hasCursor && start.position > removed',
    replace: 'isNamed && !hasCursor && start.position < removed',
    why: 'A client would miss events without an error after the database has gone back to an earlier state.',
    tests: TESTS,
  },
  {
    id: 'events.cursor-gone-goes-back-far-enough',
    file: 'src/modules/events/events.read-model.ts',
    find: 'where org_id = $1 and created_at <= $2 and position <= $3',
    replace: "where org_id = $1 and created_at <= $2::timestamptz + interval '1 hour' and position <= $3",
    why: 'A client whose cursor is gone would go on behind events that it has not seen.',
    tests: TESTS,
  },
  {
    id: 'events.horizon-is-forgotten',
    file: 'src/modules/events/horizon.ts',
    find: 'if (!seen.isContinued) this.reset();',
    replace: '',
    why: 'After the database has gone back, nothing would be sent until positions have passed the old ones.',
    tests: ['src/modules/events/horizon.spec.ts', 'test/e2e/webhook-deliveries.e2e.ts'],
  },
  {
    id: 'events.claims-name-the-horizon',
    file: CURSORS,
    find: "\n      and ${isStillThere('$3', '$5')}",
    replace: '\n      and ($5::uuid is null or true)',
    why: 'A process would deal with entries that are not visible yet, by a horizon of a database that is gone.',
    tests: ['test/e2e/log-cursors.e2e.ts'],
  },
  {
    id: 'events.moves-name-the-horizon',
    file: CURSORS,
    find: "and claim_id = $2 and ${isStillThere('$5', '$6')}",
    replace: 'and claim_id = $2 and ($5::bigint is null or $6::uuid is null or true)',
    why: 'A process that was sending would move a restored cursor past entries that have not been sent.',
    tests: ['test/e2e/log-cursors.e2e.ts'],
  },
  {
    id: 'events.prepared-transactions-are-writing',
    file: 'src/modules/audit/seals/audit-seals.repository.ts',
    find: 'and pid is distinct from pg_backend_pid()',
    replace: 'and pid <> pg_backend_pid()',
    why: 'Events of a prepared transaction would be missed by all who have read past it, and stay unsealed.',
    tests: PREPARED,
  },
  {
    id: 'events.transactions-that-are-prepared-meanwhile',
    file: 'src/modules/audit/seals/open-writers.ts',
    find: 'return new Set(mayBePrepared ?',
    replace: 'return new Set(mayBePrepared && left.length > active.length ?',
    why: 'Events of a transaction that is prepared while the horizon waits for it would be missed.',
    tests: PREPARED,
  },
];
