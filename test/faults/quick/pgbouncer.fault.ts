import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { adminCommand } from '../../support/admin-command.js';
import { Api } from '../../support/api.js';
import { Fixtures, type OrgWithAdmin } from '../../support/fixtures.js';
import { createMembers } from '../../support/members.js';
import { scimOf, USER } from '../../support/scim.js';
import type { ServerProcess } from '../../support/server-process.js';
import { JWT_SECRET } from '../../support/test-app.js';
import { hasPackages } from '../support/debian-program.js';
import { type Caller, callersOf, environmentOf, startServer } from '../support/fault-server.js';
import { printFigures, send } from '../support/load.js';
import { PgBouncer } from '../support/pgbouncer.js';
import { freePort } from '../../support/free-port.js';
import { PostgresServer } from '../support/postgres-server.js';

const ORGANIZATIONS = 10;
const REPETITIONS = 5;
const LONGEST_MS = 60_000;
const CONNECTIONS = 3; // fewer than the pool of the server, so that its clients share them

const LIMITS = 'statement_timeout, lock_timeout, idle_in_transaction_session_timeout';

const describeWithPgBouncer = hasPackages('PgBouncer', ['pgbouncer']) ? describe : describe.skip;

describeWithPgBouncer('PgBouncer in transaction mode', () => {
  let postgres: PostgresServer;
  const started: { remove: () => Promise<void> }[] = [];
  beforeAll(async () => {
    postgres = await PostgresServer.start();
  });
  afterEach(async () => {
    for (const one of started.splice(0).toReversed()) await one.remove();
  });
  afterAll(() => postgres.remove());

  async function startBehind(
    settings: Parameters<typeof PgBouncer.inFrontOf>[1],
    connectQuery?: string,
    environment: Record<string, string> = {},
  ): Promise<ServerProcess> {
    const pgbouncer = await PgBouncer.inFrontOf(postgres.url, settings, connectQuery);
    const server = startServer(pgbouncer.url, environment);
    started.push(pgbouncer, {
      remove: async () => {
        server.kill('SIGKILL');
        await server.ended();
      },
    });
    return server;
  }

  it('migrates and serves logins, invitations, SCIM and keys while all clients share three connections', async () => {
    const server = await startBehind({ default_pool_size: String(CONNECTIONS) });
    const url = await server.ready();
    const api = new Api(url);
    const given = new Fixtures(api, (text, values) => postgres.sql(text, values), JWT_SECRET);
    const organizations: OrgWithAdmin[] = [];
    while (organizations.length < ORGANIZATIONS) organizations.push(await given.orgWithAdmin());

    const begun = performance.now();
    const statuses = await Promise.all(organizations.map((org) => useApi(org, given)));
    const seen = Object.groupBy(statuses.flat(), String);
    const [{ count }] = (await postgres.sql<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where application_name like 'tenantry%'`,
    )) as [{ count: number }];

    printFigures('API through PgBouncer', {
      requests: statuses.flat().length,
      seen: Object.fromEntries(Object.entries(seen).map(([status, all]) => [status, all!.length])),
      connections: count,
      tookMs: Math.round(performance.now() - begun),
    });
    expect(Object.keys(seen)).toEqual(['200', '201']);
    expect(count).toBeGreaterThan(1);
    expect(count).toBeLessThanOrEqual(CONNECTIONS);
    expect(await server.stop()).toBe(0);
  });

  it(
    'exits with 1 and names max_prepared_statements when PgBouncer supports no prepared statements',
    async () => {
      const server = await startBehind({ max_prepared_statements: '0' });

      expect(await server.ended()).toBe(1);

      expect(server.stderr).toContain('set max_prepared_statements = 500 in pgbouncer.ini');
      expect(server.stdout).not.toContain('Waiting for the database');
    },
    LONGEST_MS,
  );

  it('streams a large list from a cursor', async () => {
    const server = await startBehind({ default_pool_size: String(CONNECTIONS) });
    const url = await server.ready();
    const [caller] = (await callersOf(1, url, postgres)) as [Caller];
    await createMembers(postgres, caller, 3000);

    const list = await send(`${url}/api/v1/orgs/current/members`, { headers: caller.headers });

    expect(list.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
    expect((JSON.parse(list.text) as { members: unknown[] }).members).toHaveLength(3001);
    expect(await server.stop()).toBe(0);
  });

  it('starts behind PgBouncer in session mode without support of prepared statements', async () => {
    const server = await startBehind({ pool_mode: 'session', max_prepared_statements: '0' });

    await server.ready();

    expect(await server.stop()).toBe(0);
  });

  it(
    'exits with 1 and names ignore_startup_parameters when PgBouncer refuses the limits of connections',
    async () => {
      const server = await startBehind({ ignore_startup_parameters: 'statement_timeout' });

      expect(await server.ended()).toBe(1);

      expect(server.stderr).toMatch(
        /its pooler refuses the parameter \w+; set ignore_startup_parameters = statement_/,
      );
      expect(server.stdout).not.toContain('Waiting for the database');
    },
    LONGEST_MS,
  );

  it('logs a connect_query for limits that PgBouncer ignores, and logs nothing once it is set', async () => {
    const server = await startBehind({}, 'select 1');
    await server.ready();
    const [, connectQuery] =
      /which are off therefore .*connect_query='([^']*)'$/m.exec(server.messages) ?? [];
    expect(connectQuery).toContain('set statement_timeout = 30000');
    expect(await server.stop()).toBe(0);

    const again = await startBehind({}, connectQuery);
    await again.ready();

    expect(again.stdout).not.toContain('which are off');
    expect(await again.stop()).toBe(0);
  });

  it('uses POSTGRES_SCHEMA once the role has it, and exits with 1 and says so before', async () => {
    const settings = { ignore_startup_parameters: `${LIMITS}, search_path` };
    const schema = { POSTGRES_SCHEMA: 'tenantry_behind' };
    const refused = await startBehind({ ignore_startup_parameters: LIMITS }, undefined, schema);
    expect(await refused.ended()).toBe(1);
    expect(refused.stderr).toContain('its pooler refuses the parameter search_path');
    const ignored = await startBehind(settings, undefined, schema);
    expect(await ignored.ended()).toBe(1);
    expect(ignored.stderr).toContain('set search_path = "tenantry_behind"');

    await postgres.sql('alter role tenantry in database tenantry set search_path = tenantry_behind');
    try {
      const server = await startBehind(settings, undefined, schema);
      await server.ready();
      expect(await server.stop()).toBe(0);
      expect(await postgres.sql(`select to_regclass('tenantry_behind.users') is not null as made`)).toEqual([
        { made: true },
      ]);
    } finally {
      await postgres.sql('alter role tenantry in database tenantry reset search_path');
    }
  });

  it('runs commands on the connection of DATABASE_DIRECT_URL', async () => {
    const server = startServer(postgres.url);
    await server.ready();
    expect(await server.stop()).toBe(0);
    const environment = environmentOf(postgres.urlAt(await freePort())); // a pooler that is down

    const pooled = await adminCommand(environment, ['audit:verify']);
    const direct = await adminCommand({ ...environment, DATABASE_DIRECT_URL: postgres.url }, [
      'audit:verify',
    ]);

    expect(pooled).toMatchObject({ code: 1, errors: expect.stringContaining('ECONNREFUSED') });
    expect(direct).toMatchObject({ code: 0, errors: '' });
  });
});

/** The statuses of requests of one organization, one after another. */
async function useApi(org: OrgWithAdmin, given: Fixtures): Promise<number[]> {
  const { api, email, password } = org.admin;
  const scim = await scimOf(api);
  const statuses: number[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const userName = given.email();
    const signedIn = await given.login(email, password).then(() => 200);
    const invited = await api.post(
      '/api/v1/orgs/current/members/batch',
      [{ email: given.email() }, { email: given.email() }],
      { headers: { 'idempotency-key': randomUUID() } },
    );
    const created = await scim.post('/Users', { schemas: [USER], userName, emails: [{ value: userName }] });
    const key = await api.post('/api/v1/api-key/current', { description: 'through PgBouncer' });
    const listed = await api.get('/api/v1/orgs/current/members');
    statuses.push(signedIn, invited.status, created.status, key.status, listed.status);
  }
  return statuses;
}
