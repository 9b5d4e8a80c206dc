import type { Break } from '../break.ts';

const TESTS = ['test/e2e/events.e2e.ts'];
const PREPARED = ['test/processes/prepared-transactions.e2e.ts'];
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
    find: 'count >= MOST_PER_CREDENTIAL || total >= MOST',
    replace: 'count >= MOST_PER_CREDENTIAL && total >= MOST',
    why: 'One caller would use up the connections of the server.',
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
