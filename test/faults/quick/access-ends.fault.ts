import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Member, type OrgWithAdmin, role } from '../../support/fixtures.js';
import { printFigures } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';
import { type ReplicaProcesses, startReplicaProcesses } from '../support/replica-processes.js';

const TRIALS = 200;
const TRIALS_AT_ONCE = 8;
/** How long before the end of a trial it is stored, and how long before and after it the trial sends requests. */
const [STORED_MS, AROUND_MS] = [1000, 250];
const TWO_YEARS_MS = 2 * 365 * 86_400_000;

const clockAhead = (ms: number) => ({
  environment: {
    NODE_OPTIONS: `--import=${fileURLToPath(new URL('../support/shift-clock.mjs', import.meta.url))}`,
    CLOCK_AHEAD_MS: String(ms),
  },
});

let postgres: PostgresServer;
let replicas: ReplicaProcesses;
let org: OrgWithAdmin;
beforeAll(async () => {
  postgres = await PostgresServer.start();
  replicas = await startReplicaProcesses(postgres, [{}, clockAhead(TWO_YEARS_MS), clockAhead(-TWO_YEARS_MS)]);
  org = await replicas.fixtures.orgWithAdmin();
});
afterAll(async () => {
  await replicas.close();
  await postgres.remove();
});

type Trial = { readonly table: string; readonly revertsTo: string | null; readonly path: string };

/** What ends, and a request that is refused afterwards. */
const KINDS: readonly Trial[] = [
  { table: 'org_memberships', revertsTo: null, path: '/api/v1/orgs/current/info' },
  {
    table: 'org_memberships',
    revertsTo: role('ORGANIZATION_USER'),
    path: '/api/v1/orgs/current/credentials?limit=1',
  },
  { table: 'workspace_memberships', revertsTo: null, path: '/api/v1/workspaces/current/members' },
];

/** Of the answers with a certain place in time: those that are wrong, and how many were right on each side. */
const found = { acceptedAfter: 0, refusedBefore: 0, acceptedBefore: 0, refusedAfter: 0 };

/** PostgreSQL and this process have the clock of the machine. */
async function run(trial: Trial, member: Member): Promise<void> {
  const endsAt = Date.now() + STORED_MS;
  await storeEnd(trial, member, endsAt);
  const early = endsAt - AROUND_MS - Date.now();
  if (early < 0) return; // on a busy machine: servers need not know of it in time
  await pause(early);
  const api = trial.table === 'org_memberships' ? member.api.as({ workspaceId: undefined }) : member.api;
  const repeat = async (url: string) => {
    while (Date.now() < endsAt + AROUND_MS) {
      const sentAt = Date.now();
      const { status } = await api.at(url).get(trial.path);
      const answeredAt = Date.now();
      const isAccepted = status === 200;
      if (sentAt > endsAt) found[isAccepted ? 'acceptedAfter' : 'refusedAfter']++;
      if (answeredAt < endsAt) found[isAccepted ? 'acceptedBefore' : 'refusedBefore']++;
      await pause(10);
    }
  };
  await Promise.all(replicas.urls.map(repeat));
}

async function storeEnd({ table, revertsTo }: Trial, { userId }: Member, endsAt: number): Promise<void> {
  await replicas.sql(
    table === 'org_memberships'
      ? 'update org_memberships set access_expires_at = to_timestamp($2), reverts_to_role_id = $3 where user_id = $1'
      : 'update workspace_memberships set access_expires_at = to_timestamp($2), reverts_to_role_id = $3 where user_id = $1',
    [userId, endsAt / 1000, revertsTo],
  );
}

it('accepts no request after an end by the clock of the database, and refuses none before it', async () => {
  const kinds = Array.from({ length: TRIALS }, (_, index) => KINDS[index % KINDS.length]!);
  const trials: (() => Promise<void>)[] = [];
  for (const kind of kinds) {
    const member = await replicas.fixtures.member(org, {
      org: kind.revertsTo === null ? 'ORGANIZATION_USER' : 'ORGANIZATION_ADMIN',
      workspace: 'WORKSPACE_VIEWER',
    });
    trials.push(() => run(kind, member));
  }

  const lanes = Array.from({ length: TRIALS_AT_ONCE }, async () => {
    for (let trial = trials.pop(); trial; trial = trials.pop()) await trial();
  });
  await Promise.all(lanes);

  printFigures('ends of access on three replicas', { trials: TRIALS, ...found });
  expect(found).toMatchObject({ acceptedAfter: 0, refusedBefore: 0 });
  expect(found.acceptedBefore).toBeGreaterThan(TRIALS);
  expect(found.refusedAfter).toBeGreaterThan(TRIALS);
});
