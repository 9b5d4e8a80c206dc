import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { ORG_MEMBERS } from '../support/invitations.js';
import { scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

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
