import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/api.js';
import { auditedRequests, auditOf } from '../support/audit.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { invitationsOf, ORG_MEMBERS } from '../support/invitations.js';
import { type Scim, scimOf, userOf } from '../support/scim.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { untilOthersWait } from '../support/waiting-for-locks.js';
import { sendWhileRosterIsLocked } from '../support/waiting-together.js';

describe('invitations', () => {
  let t: TestApp;
  let org: OrgWithAdmin;
  beforeAll(async () => {
    t = await startTestApp();
  });
  afterAll(() => t.close());
  beforeEach(async () => {
    org = await t.fixtures.orgWithAdmin();
  });

  const LONG_ENOUGH_MS = 300; // for the guards of all calls

  const invite = (body: object, as = org.admin) => as.api.post(ORG_MEMBERS, body);
  const person = (more: object = {}) => ({ email: t.fixtures.email(), ...more });

  const whileLocked = async (calls: readonly (() => Promise<Reply>)[]): Promise<Reply[]> => {
    const requests = { first: () => invite(person()), others: calls, stillMs: LONG_ENOUGH_MS };
    const { first, others } = await sendWhileRosterIsLocked(t, org.orgId, requests);
    expect(first.status).toBe(200);
    return others.map(({ result }) => result);
  };

  const transactionsOf = async (emails: readonly string[]) => {
    const rows = await t.sql<{ xmin: string }>(
      'select distinct xmin::text from invitations where org_id = $1 and email = any($2)',
      [org.orgId, emails],
    );
    return rows.length;
  };

  describe('invitations of one admin that wait for the roster lock', () => {
    it('share a transaction, with a response and an audit entry each', async () => {
      const people = Array.from({ length: 10 }, () => person({ workspace_ids: [org.workspaceId] }));

      const replies = await whileLocked(people.map((body) => () => invite(body)));

      expect(replies.map(({ status, body }) => [status, body.email])).toEqual(
        people.map(({ email }) => [200, email]),
      );
      expect(await transactionsOf(people.map(({ email }) => email))).toBe(1);
      const entries = await auditOf(t, org.orgId, ['invite_user_to_org']);
      expect(entries.map(({ resourceIds }) => resourceIds[0])).toEqual(
        expect.arrayContaining(replies.map(({ body }) => body.id)),
      );
      expect(entries).toHaveLength(11);
      const audited = await auditedRequests(t, 'invite_user_to_org');
      expect(replies.map(({ body }) => audited.get(body.id))).toEqual(
        replies.map(({ headers }) => headers.get('x-request-id')),
      );
    });

    it('are refused one by one: a refused one does not fail the others', async () => {
      const member = await t.fixtures.member(org, {});
      const [one, another] = [person(), person()];
      const bodies = [
        one,
        { email: member.email },
        person({ workspace_ids: ['00000000-0000-4000-8000-000000000001'] }),
        one,
        another,
      ];

      const replies = await whileLocked(bodies.map((body) => () => invite(body)));

      const [first, ofMember, inUnknownWorkspace, again, last] = replies.map(({ status }) => status);
      expect([ofMember, inUnknownWorkspace, last]).toEqual([409, 404, 200]);
      expect(new Set([first, again])).toEqual(new Set([200, 409]));
      expect(await invitationsOf(t, org)).toHaveLength(3);
      expect(await transactionsOf([one.email, another.email])).toBe(1);
    });

    it('are tried alone if there are too few seats, and take those that there are', async () => {
      await t.sql('update organizations set max_identities = 5 where id = $1', [org.orgId]); // admin, first: two taken

      const replies = await whileLocked(Array.from({ length: 6 }, () => () => invite(person())));

      const statuses = replies.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(3);
      expect(statuses.filter((status) => status === 403)).toHaveLength(3);
      expect(await invitationsOf(t, org)).toHaveLength(4);
    });

    it('invite in the name of the caller of each', async () => {
      const other = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
      const [first, second] = [person(), person()];

      await whileLocked([() => invite(first), () => invite(second, other)]);

      const rows = await t.sql<{ email: string; by: string }>(
        'select email, invited_by_user_id as by from invitations where org_id = $1 and email = any($2)',
        [org.orgId, [first.email, second.email]],
      );
      expect(new Map(rows.map(({ email, by }) => [email, by]))).toEqual(
        new Map([
          [first.email, org.admin.userId],
          [second.email, other.userId],
        ]),
      );
    });

    it('are all refused when the right of the caller ends while they wait', async () => {
      const other = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
      const people = [person(), person(), person()];

      const replies = await whileLocked([
        ...people.map((body) => () => invite(body, other)),
        async () => {
          await untilOthersWait(t, LONG_ENOUGH_MS / 3); // the others have passed their guards
          await t.sql('update org_memberships set is_disabled = true where org_id = $1 and user_id = $2', [
            org.orgId,
            other.userId,
          ]);
          return invite(person());
        },
      ]);

      expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 200]);
      expect(await transactionsOf(people.map(({ email }) => email))).toBe(0);
    });
  });
});

describe('SCIM creations', () => {
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
    const requests = { first: create(newUser()), others: users.map(create), stillMs: LONG_ENOUGH_MS };
    const { first, others } = await sendWhileRosterIsLocked(t, org.orgId, requests);
    expect(first.status).toBe(201);
    return others.map(({ result }) => result);
  };

  it('creations of SCIM users that wait for the roster lock share a transaction, with an audit entry each', async () => {
    const replies = await createWhileLocked([1, 2, 3, 4].map(newUser));

    expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const ids = replies.map(({ body }) => body.id);
    expect(await t.sql('select distinct xmin::text from scim_users where id = any($1)', [ids])).toHaveLength(
      1,
    );
    const audited = await auditedRequests(t, 'create_scim_user');
    expect(ids.map((id) => audited.get(id))).toEqual(
      replies.map(({ headers }) => headers.get('x-request-id')),
    );
  });

  it('a SCIM user that cannot be created does not fail those that share its transaction', async () => {
    const [known, twice] = [newUser(), newUser()];
    await scim.post('/Users', known);

    const replies = await createWhileLocked([newUser(), known, twice, twice, newUser()]);

    const [one, ofKnown, first, second, last] = replies.map(({ status }) => status);
    expect([one, ofKnown, last]).toEqual([201, 409, 201]);
    expect(new Set([first, second])).toEqual(new Set([201, 409]));
  });
});
