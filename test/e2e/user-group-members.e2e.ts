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
  grantTo,
  removeFrom,
  userGroup,
} from '../support/user-groups.js';

let t: TestApp;
let org: OrgWithAdmin;
let [ann, ben]: [Member?, Member?] = [];
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.orgWithAdmin();
  ann = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
  ben = await t.fixtures.member(org, {});
});
afterAll(() => t.close());

const membersOf = async (groupId: string): Promise<string[]> => {
  const { body } = await org.admin.api.get(`${GROUPS}/${groupId}/members`);
  return body.items.map((member: { identity_id: string }) => member.identity_id);
};

describe('members of a group of the organization', () => {
  it('are added with a status each, and listed', async () => {
    const id = await userGroup(org);
    await addTo(org.admin, id, ann!);
    const unknown = { membershipId: randomUUID() };

    const { status, body } = await addTo(org.admin, id, ben!, ann!, unknown, ben!);

    expect(status).toBe(207);
    expect(body.items).toEqual([
      { identity_id: ben!.membershipId, status: 'CREATED' },
      { identity_id: ann!.membershipId, status: 'UNCHANGED' },
      {
        identity_id: unknown.membershipId,
        status: 'FAILED',
        detail: expect.stringContaining('no such identity'),
      },
    ]);
    const listed = await org.admin.api.get(`${GROUPS}/${id}/members?page_size=1`);
    expect(listed.body.items).toEqual([
      {
        identity_id: ann!.membershipId,
        ls_user_id: ann!.userId,
        user_id: ann!.userId,
        email: ann!.email,
        full_name: null,
        avatar_url: null,
        is_disabled: false,
        added_at: expect.any(String),
        access_expires_at: null,
      },
    ]);
    const next = await org.admin.api.get(
      `${GROUPS}/${id}/members?page_size=1&cursor=${listed.body.next_cursor}`,
    );
    expect(next.body).toMatchObject({ items: [{ identity_id: ben!.membershipId }], next_cursor: null });
    const [, entry] = await auditOf(t, org.orgId, ['add_user_group_members']);
    expect(entry!.resourceIds).toEqual([id, ben!.membershipId]);
  });

  it('fail to be added when they belong to another organization', async () => {
    const id = await userGroup(org);
    const other = await t.fixtures.orgWithAdmin();

    const { body } = await addTo(org.admin, id, other.admin);

    expect(body.items).toMatchObject([{ status: 'FAILED' }]);
    expect(await membersOf(id)).toEqual([]);
  });

  it('are removed once, and removing them again succeeds', async () => {
    const id = await userGroup(org);
    await addTo(org.admin, id, ann!, ben!);

    const replies = [await removeFrom(org.admin, id, ann!), await removeFrom(org.admin, id, ann!)];

    expect(replies.map(({ status }) => status)).toEqual([204, 204]);
    expect((await removeFrom(org.admin, id, { membershipId: randomUUID() })).status).toBe(204);
    expect(await membersOf(id)).toEqual([ben!.membershipId]);
    const removed = await auditOf(t, org.orgId, ['remove_user_group_member']);
    expect(removed.map(({ resourceIds }) => resourceIds)).toEqual([[id, ann!.membershipId]]);
  });

  it('leave all groups when they are removed from the organization', async () => {
    const id = await userGroup(org);
    const leaver = await t.fixtures.member(org, {});
    await addTo(org.admin, id, leaver, ann!);

    await org.admin.api.delete(`/api/v1/orgs/current/members/${leaver.membershipId}`);

    expect(await membersOf(id)).toEqual([ann!.membershipId]);
  });

  it.each([
    ['no identity', []],
    ['101 identities', Array.from({ length: 101 }, () => randomUUID())],
    ['an id that is no UUID', ['me']],
  ])('are refused with 400 in a request with %s', async (_, identity_ids) => {
    const id = await userGroup(org);

    expect((await org.admin.api.post(`${GROUPS}/${id}/members`, { identity_ids })).status).toBe(400);
  });

  it('have no workspace identities to list, which is 400', async () => {
    const id = await userGroup(org);

    expect((await org.admin.api.get(`${GROUPS}/${id}/workspace-members`)).status).toBe(400);
  });
});

describe('members of a workspace group', () => {
  it('are members of the workspace, and are listed with both identities', async () => {
    const child = await childOf(t, await groupWith(org, EDITOR), org.workspaceId);

    const { body } = await addTo(org.admin, child, ann!, ben!);

    expect(body.items).toEqual([
      { identity_id: ann!.membershipId, status: 'CREATED' },
      { identity_id: ben!.membershipId, status: 'FAILED', detail: expect.stringContaining('workspace') },
    ]);
    const listed = await org.admin.api.get(`${GROUPS}/${child}/workspace-members`);
    expect(listed.body.items).toMatchObject([{ org_identity_id: ann!.membershipId, email: ann!.email }]);
    expect(listed.body.items[0].identity_id).not.toBe(ann!.membershipId);
  });

  it('are managed by an admin of the workspace, and by no admin of another one', async () => {
    const id = await groupWith(org, EDITOR);
    const elsewhere = await anotherWorkspace(org);
    await grantTo(org.admin, id, elsewhere, EDITOR);
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const [here, there] = [await childOf(t, id, org.workspaceId), await childOf(t, id, elsewhere)];

    expect((await addTo(lead, here, ann!)).body.items).toMatchObject([{ status: 'CREATED' }]);
    expect((await removeFrom(lead, here, ann!)).status).toBe(204);
    for (const group of [there, id]) {
      expect((await addTo(lead, group, ann!)).status).toBe(403);
      expect((await removeFrom(lead, group, ann!)).status).toBe(403);
    }
  });

  it('cannot be managed by an editor of the workspace', async () => {
    const child = await childOf(t, await groupWith(org, EDITOR), org.workspaceId);
    const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });

    expect((await editor.api.get(`${GROUPS}/${child}/members`)).status).toBe(200);
    expect((await addTo(editor, child, ann!)).status).toBe(403);
  });
});
