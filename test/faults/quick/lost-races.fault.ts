import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../../support/api.js';
import { Fixtures, type OrgWithAdmin } from '../../support/fixtures.js';
import { GROUP, Scim, scimOf, userOf } from '../../support/scim.js';
import type { ServerProcess } from '../../support/server-process.js';
import { JWT_SECRET } from '../../support/test-app.js';
import { PATIENT, startServer } from '../support/fault-server.js';
import { printFigures } from '../support/load.js';
import { PostgresServer } from '../support/postgres-server.js';

const CALLERS = 50;

let postgres: PostgresServer;
let servers: ServerProcess[];
let urls: string[];
let fixtures: Fixtures;
/** At each replica, for one organization of its own. */
let replicas: Scim[];
let org: OrgWithAdmin;

beforeAll(async () => {
  postgres = await PostgresServer.start();
  const first = startServer(postgres.url, PATIENT);
  urls = [await first.ready()];
  const second = startServer(postgres.url, PATIENT);
  urls.push(await second.ready());
  servers = [first, second];
  fixtures = new Fixtures(new Api(urls[0]!), (text, values) => postgres.sql(text, values), JWT_SECRET);
  org = await fixtures.orgWithAdmin();
  const { token } = await scimOf(org.admin.api);
  replicas = urls.map((url) => new Scim(url, token));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await postgres.remove();
});

/** Sends all requests at once, alternating between the two replicas, and counts the statuses. */
async function race(name: string, send: (scim: Scim, index: number) => Promise<{ status: number }>) {
  const before = postgres.log.length;
  const replies = await Promise.all(
    Array.from({ length: CALLERS }, (_, index) => send(replicas[index % 2]!, index)),
  );
  const statuses: Record<number, number> = {};
  for (const { status } of replies) statuses[status] = (statuses[status] ?? 0) + 1;
  const errors = postgres.log.slice(before).match(/^.*\bERROR:.*$/gm) ?? [];
  printFigures(name, { statuses, errorsInTheLogOfPostgres: errors.length });
  return { statuses, errors };
}

describe('SCIM writes that lose a race', () => {
  it('creates one user of 50 with the same userName and writes no error into the log of PostgreSQL', async () => {
    const email = fixtures.email();

    const { statuses, errors } = await race('50 users of one userName', (scim) =>
      scim.post('/Users', userOf(email)),
    );

    expect(statuses).toEqual({ 201: 1, 409: CALLERS - 1 });
    expect(errors).toEqual([]);
  });

  it('creates one user of 50 with the same externalId and other addresses', async () => {
    const { statuses, errors } = await race('50 users of one externalId', (scim) =>
      scim.post('/Users', userOf(fixtures.email(), { externalId: 'shared' })),
    );

    expect(statuses).toEqual({ 201: 1, 409: CALLERS - 1 });
    expect(errors).toEqual([]);
  });

  it('creates one group of 50 with the same name', async () => {
    const { statuses, errors } = await race('50 groups of one name', (scim) =>
      scim.post('/Groups', { schemas: [GROUP], displayName: 'Reviewers' }),
    );

    expect(statuses).toEqual({ 201: 1, 409: CALLERS - 1 });
    expect(errors).toEqual([]);
  });

  it('gives a userName to one user of 50 that ask for it', async () => {
    const users = await Promise.all(
      Array.from({ length: CALLERS }, () => replicas[0]!.post('/Users', userOf(fixtures.email()))),
    );
    const userName = fixtures.email();

    const { statuses, errors } = await race('50 changes to one userName', (scim, index) =>
      scim.put(`/Users/${users[index]!.body.id}`, {
        ...userOf(users[index]!.body.userName),
        userName,
      }),
    );

    expect(statuses).toEqual({ 200: 1, 409: CALLERS - 1 });
    expect(errors).toEqual([]);
  });

  it('creates one role of 50 with the same name', async () => {
    const role = { display_name: 'Reviewer', description: '', permissions: ['workspaces:read'] };

    const { statuses, errors } = await race('50 roles of one name', (_, index) =>
      org.admin.api.at(urls[index % 2]!).post('/api/v1/orgs/current/roles', role),
    );

    expect(statuses).toEqual({ 200: 1, 409: CALLERS - 1 });
    expect(errors).toEqual([]);
  });
});
