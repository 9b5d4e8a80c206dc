import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Reply } from '../support/api.js';
import { auditedRequests } from '../support/audit.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { type Scim, scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { sendWhileRosterIsLocked } from '../support/waiting-together.js';

let t: TestApp;
let org: OrgWithAdmin;
let scim: Scim;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  scim = await scimOf(org.admin.api);
});
afterAll(() => t.close());

const LONG_ENOUGH_MS = 200; // for the guards of all requests

const newUser = () => userOf(t.fixtures.email());

const createWhileLocked = async (users: readonly object[]): Promise<Reply[]> => {
  const create = (user: object) => () => scim.post('/Users', user);
  const requests = { first: create(newUser()), others: users.map(create), pauseMs: LONG_ENOUGH_MS };
  const { first, others } = await sendWhileRosterIsLocked(t, org.orgId, requests);
  expect(first.status).toBe(201);
  return others.map(({ result }) => result);
};

it('creations of SCIM users that wait for the roster lock share a transaction, with an audit entry each', async () => {
  const replies = await createWhileLocked([1, 2, 3, 4].map(newUser));

  expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  const ids = replies.map(({ body }) => body.id);
  expect(await t.sql('select distinct xmin::text from scim_users where id = any($1)', [ids])).toHaveLength(1);
  const audited = await auditedRequests(t, 'create_scim_user');
  expect(ids.map((id) => audited.get(id))).toEqual(replies.map(({ headers }) => headers.get('x-request-id')));
});

it('a SCIM user that cannot be created does not fail those that share its transaction', async () => {
  const [known, twice] = [newUser(), newUser()];
  await scim.post('/Users', known);

  const replies = await createWhileLocked([newUser(), known, twice, twice, newUser()]);

  const [one, ofKnown, first, second, last] = replies.map(({ status }) => status);
  expect([one, ofKnown, last]).toEqual([201, 409, 201]);
  expect(new Set([first, second])).toEqual(new Set([201, 409]));
});
