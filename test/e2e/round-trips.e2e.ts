import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { inviteBatch, ORG_MEMBERS, orgWithLead } from '../support/invitations.js';
import { GROUP, listOf, scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { addTo, groupWith, WORKSPACE_ADMIN } from '../support/user-groups.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

/**
 * The round trips to the database of the same work once its connections know the statements: the least of several times,
 * since background jobs of the server have some too.
 */
async function roundTripsOf(work: () => Promise<void>): Promise<number> {
  const counts: number[] = [];
  await work();
  for (let time = 0; time < 4; time++) {
    const before = await t.roundTrips();
    await work();
    counts.push((await t.roundTrips()) - before);
  }
  return Math.min(...counts);
}

describe('inviting a new person', () => {
  let org: OrgWithAdmin;
  beforeAll(async () => {
    org = await t.fixtures.orgWithAdmin();
  });
  const invite = async (more: object = {}) => {
    const body = { email: `${randomUUID()}@example.com`, ...more };
    expect((await org.admin.api.post(ORG_MEMBERS, body)).status).toBe(200);
  };

  it('takes one round trip to authenticate the caller, and four while the roster lock is held', async () => {
    expect(await roundTripsOf(() => invite())).toBeLessThanOrEqual(5);
  });
  it('takes no more of them with workspaces and a limit of seats', async () => {
    await t.sql('update organizations set max_identities = 1000 where id = $1', [org.orgId]);
    const workspace_ids = [org.workspaceId];

    expect(await roundTripsOf(() => invite({ workspace_ids }))).toBeLessThanOrEqual(5);
  });
});

it('evaluates 500 questions of AuthZEN with one round trip, besides that of the caller', async () => {
  const { admin, workspaceId } = await t.fixtures.orgWithAdmin();
  const resource = () => ({ type: 'dataset', id: randomUUID(), properties: { workspace_id: workspaceId } });
  const evaluations = Array.from({ length: 500 }, () => ({
    subject: { type: 'user', id: randomUUID() },
    action: { name: 'datasets:read' },
    resource: resource(),
  }));
  const ask = async () => {
    expect((await admin.api.post('/access/v1/evaluations', { evaluations })).status).toBe(200);
  };

  expect(await roundTripsOf(ask)).toBeLessThanOrEqual(2);
});

describe('a batch of a workspace admin, whose rights are compared', () => {
  it('takes as many round trips for 50 members and new people as for two', async () => {
    const { org, lead } = await orgWithLead(t);
    const team = await groupWith(org, WORKSPACE_ADMIN);
    const batch = async (size: number) => {
      const members = await Promise.all(Array.from({ length: size / 2 }, () => t.fixtures.member(org, {})));
      await addTo(org.admin, team, ...members);
      const emails = [...members.map(({ email }) => email), ...members.map(() => t.fixtures.email())];
      const before = await t.roundTrips();
      expect(
        (
          await inviteBatch(
            lead,
            emails.map((email) => ({ email })),
          )
        ).status,
      ).toBe(200);
      return (await t.roundTrips()) - before;
    };

    const [small, large]: [number[], number[]] = [[], []];
    for (let time = 0; time < 3; time++) {
      small.push(await batch(2));
      large.push(await batch(50));
    }

    expect(Math.min(...large)).toBe(Math.min(...small));
  });
});

describe('creating a SCIM user', () => {
  it('takes one round trip to authenticate the token, and six while the roster lock is held', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const scim = await scimOf(org.admin.api);
    const create = async () => {
      expect((await scim.post('/Users', userOf(`${randomUUID()}@example.com`))).status).toBe(201);
    };

    expect(await roundTripsOf(create)).toBeLessThanOrEqual(7);
  });
});

describe('looking up a SCIM user', () => {
  it('takes one round trip while the token is cached', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const scim = await scimOf(org.admin.api);
    await scim.post('/Users', userOf('ann@example.com'));
    const lookUp = async () => {
      const { body } = await scim.get(`/Users${listOf('userName eq "ann@example.com"')}`);
      expect(body).toMatchObject({ totalResults: 1 });
    };

    expect(await roundTripsOf(lookUp)).toBe(1);
  });
});

describe('adding members to a SCIM group', () => {
  it('takes at most eight round trips, however many they are', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const scim = await scimOf(org.admin.api);
    const group = await scim.post('/Groups', { schemas: [GROUP], displayName: 'Team' });
    const add = async (count: number) => {
      const users = await Promise.all(
        Array.from({ length: count }, () => scim.post('/Users', userOf(`${randomUUID()}@example.com`))),
      );
      const value = users.map(({ body }) => ({ value: body.id }));
      const before = await t.roundTrips();
      const { status } = await scim.patch(`/Groups/${group.body.id}`, [
        { op: 'add', path: 'members', value },
      ]);
      expect(status).toBe(204);
      return (await t.roundTrips()) - before;
    };

    const counts = [];
    for (const count of [1, 20, 20, 1, 1]) counts.push(await add(count));

    expect(Math.min(...counts.slice(1))).toBeLessThanOrEqual(8);
  });
});
