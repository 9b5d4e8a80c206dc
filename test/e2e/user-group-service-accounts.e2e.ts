import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { anotherWorkspace } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addTo,
  childOf,
  EDITOR,
  GROUPS,
  groupWith,
  removeFrom,
  userGroup,
  WORKSPACE_ADMIN,
} from '../support/user-groups.js';

const ACCOUNTS = '/api/v1/service-accounts';

type Account = { readonly id: string; readonly name: string; readonly membershipId: string };

let t: TestApp;
let org: OrgWithAdmin;
let person: Member;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  person = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
});
afterAll(() => t.close());

async function serviceAccount({ admin }: OrgWithAdmin, ...workspaceIds: string[]): Promise<Account> {
  const name = `ci-${randomUUID().slice(0, 8)}`;
  const workspaces = workspaceIds.map((workspace_id) => ({ workspace_id }));
  const { body } = await admin.api.post(ACCOUNTS, { name, workspaces });
  return { id: body.id, name, membershipId: body.organization_identity_id };
}

const membersOf = async (groupId: string): Promise<string[]> => {
  const { body } = await org.admin.api.get(`${GROUPS}/${groupId}/members`);
  return body.items.map((member: { identity_id: string }) => member.identity_id);
};
const rowsOf = ({ id }: Account) =>
  t.sql('select from user_group_service_accounts where service_account_id = $1', [id]);

describe('service accounts in a group of the organization', () => {
  it('are added with a status each, once, with an audit entry', async () => {
    const id = await userGroup(org);
    const [first, second] = [await serviceAccount(org), await serviceAccount(org)];
    await addTo(org.admin, id, first);

    const { status, body } = await addTo(org.admin, id, second, first, person, second);

    expect(status).toBe(207);
    expect(body.items).toEqual([
      { identity_id: second.membershipId, status: 'CREATED' },
      { identity_id: first.membershipId, status: 'UNCHANGED' },
      { identity_id: person.membershipId, status: 'CREATED' },
    ]);
    const entries = await auditOf(t, org.orgId, ['add_user_group_members']);
    expect(entries.at(-1)!.resourceIds).toEqual([id, second.membershipId, person.membershipId]);
  });

  it('are listed with users in one order, page by page', async () => {
    const id = await userGroup(org);
    const accounts = [await serviceAccount(org), await serviceAccount(org)];
    const users = [person, await t.fixtures.member(org, {}), org.admin];
    await addTo(org.admin, id, ...accounts, ...users);

    const pages: any[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await org.admin.api.get(`${GROUPS}/${id}/members?page_size=2${query}`);
      pages.push(body.items);
      cursor = body.next_cursor;
    }

    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    const expected = [
      ...accounts.map((account) => ({ key: account.id, id: account.membershipId })),
      ...users.map((user) => ({ key: user.userId, id: user.membershipId })),
    ].sort((a, b) => (a.key < b.key ? -1 : 1));
    expect(pages.flat().map(({ identity_id }) => identity_id)).toEqual(expected.map((one) => one.id));
    expect(pages.flat()).toContainEqual({
      identity_id: accounts[0]!.membershipId,
      ls_user_id: null,
      user_id: null,
      email: null,
      full_name: accounts[0]!.name,
      avatar_url: null,
      is_disabled: false,
      added_at: expect.any(String),
      access_expires_at: null,
    });
  });

  it('take no end, which the result says', async () => {
    const id = await userGroup(org);
    const { membershipId } = await serviceAccount(org);

    const { body } = await org.admin.api.post(`${GROUPS}/${id}/members`, {
      identity_ids: [membershipId],
      access_expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    });

    expect(body.items).toEqual([
      {
        identity_id: membershipId,
        status: 'CREATED',
        access_expires_at: null,
        access_expires_at_applied: false,
      },
    ]);
  });

  it('are removed once, and removing them again succeeds', async () => {
    const id = await userGroup(org);
    const account = await serviceAccount(org);
    await addTo(org.admin, id, account, person);

    const replies = [await removeFrom(org.admin, id, account), await removeFrom(org.admin, id, account)];

    expect(replies.map(({ status }) => status)).toEqual([204, 204]);
    expect(await membersOf(id)).toEqual([person.membershipId]);
    const removed = await auditOf(t, org.orgId, ['remove_user_group_member']);
    expect(removed.map(({ resourceIds }) => resourceIds)).toEqual([[id, account.membershipId]]);
  });

  it('fail to be added when they belong to another organization', async () => {
    const id = await userGroup(org);
    const other = await serviceAccount(await t.fixtures.orgWithAdmin());

    const { status, body } = await addTo(org.admin, id, other);

    expect(status).toBe(207);
    expect(body.items).toEqual([
      {
        identity_id: other.membershipId,
        status: 'FAILED',
        detail: expect.stringContaining('no such identity'),
      },
    ]);
    expect(await membersOf(id)).toEqual([]);
  });

  it('are neither added nor removed by an operator when the roles of the group exceed theirs', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_USER',
    });
    const account = await serviceAccount(org, org.workspaceId);
    const [high, low] = [await groupWith(org, WORKSPACE_ADMIN), await groupWith(org, EDITOR)];
    const child = await childOf(t, high, org.workspaceId);

    for (const group of [high, child]) expect((await addTo(operator, group, account)).status).toBe(403);
    expect((await addTo(operator, low, account)).body.items).toMatchObject([{ status: 'CREATED' }]);
    expect((await removeFrom(operator, low, account)).status).toBe(204);

    await addTo(org.admin, high, account);
    expect((await removeFrom(operator, high, account)).status).toBe(403);
    expect(await membersOf(high)).toEqual([account.membershipId]);
  });

  it('leave their groups when they are deleted, and when the group is deleted', async () => {
    const [kept, deleted] = [await userGroup(org), await userGroup(org)];
    const [leaver, account] = [await serviceAccount(org), await serviceAccount(org)];
    await addTo(org.admin, kept, leaver);
    await addTo(org.admin, deleted, account);

    expect((await org.admin.api.delete(`${ACCOUNTS}/${leaver.id}`)).status).toBe(200);
    expect((await org.admin.api.delete(`${GROUPS}/${deleted}`)).status).toBe(204);

    expect(await membersOf(kept)).toEqual([]);
    expect([await rowsOf(leaver), await rowsOf(account)]).toEqual([[], []]);
    expect((await org.admin.api.get(ACCOUNTS)).body).toContainEqual(
      expect.objectContaining({ id: account.id }),
    );
  });
});

describe('service accounts in a workspace group', () => {
  it('are in the workspace, and are listed as members but not as identities of the workspace', async () => {
    const child = await childOf(t, await groupWith(org, EDITOR), org.workspaceId);
    const here = await serviceAccount(org, org.workspaceId);
    const elsewhere = await serviceAccount(org, await anotherWorkspace(org));

    const { body } = await addTo(org.admin, child, here, elsewhere, person);

    expect(body.items).toEqual([
      { identity_id: here.membershipId, status: 'CREATED' },
      { identity_id: elsewhere.membershipId, status: 'FAILED', detail: expect.stringContaining('workspace') },
      { identity_id: person.membershipId, status: 'CREATED' },
    ]);
    expect((await membersOf(child)).sort()).toEqual([here.membershipId, person.membershipId].sort());
    const listed = await org.admin.api.get(`${GROUPS}/${child}/workspace-members`);
    expect(listed.body.items).toMatchObject([{ org_identity_id: person.membershipId }]);
  });
});
