import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/database/statements/new-id.js';
import { bySession } from '../../src/modules/auth/authentication/principals.statements.js';
import { onOwnConnection } from '../support/audit-log.js';
import { auditOf } from '../support/audit.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addTo,
  childOf,
  EDITOR,
  grantTo,
  GROUPS,
  groupWith,
  regrant,
  removeFrom,
  revokeFrom,
  userGroup,
  VIEWER,
} from '../support/user-groups.js';

describe('what a user group gives', () => {
  let t: TestApp;
  let org: OrgWithAdmin;
  beforeAll(async () => {
    t = await startTestApp();
    org = await t.fixtures.orgWithAdmin();
  });
  afterAll(() => t.close());

  const childrenOf = (groupId: string) =>
    t.sql<{ name: string }>('select name from user_groups where parent_user_group_id = $1', [groupId]);

  describe('the role of a user group in a workspace', () => {
    it('is given, read, listed, changed and taken back, and the child exists as long', async () => {
      const id = await userGroup(org, { name: 'Builders' });
      const path = `${GROUPS}/${id}/workspaces`;

      const given = await grantTo(org.admin, id, org.workspaceId, EDITOR);

      expect(given.status).toBe(201);
      expect(given.body).toEqual({
        workspace_id: org.workspaceId,
        role_id: EDITOR,
        role_name: 'Editor',
        created_at: expect.any(String),
        updated_at: expect.any(String),
        access_expires_at: null,
      });
      expect((await org.admin.api.get(`${path}/${org.workspaceId}`)).body).toEqual(given.body);
      expect((await org.admin.api.get(path)).body).toEqual({ items: [given.body], next_cursor: null });
      expect(await childrenOf(id)).toEqual([{ name: `Builders (${org.workspaceId})` }]);
      expect((await regrant(org.admin, id, org.workspaceId, VIEWER)).body).toMatchObject({
        role_name: 'Viewer',
      });
      expect((await revokeFrom(org.admin, id, org.workspaceId)).status).toBe(204);
      expect((await revokeFrom(org.admin, id, org.workspaceId)).status).toBe(204);
      expect(await childrenOf(id)).toEqual([]);
      expect((await org.admin.api.get(`${path}/${org.workspaceId}`)).status).toBe(404);
      const names = ['create_user_group_grant', 'update_user_group_grant', 'delete_user_group_grant'];
      expect((await auditOf(t, org.orgId, names)).map(({ operation }) => operation)).toEqual(names);
    });

    it('is given once: a second one is 409', async () => {
      const id = await groupWith(org, EDITOR);

      const second = await grantTo(org.admin, id, org.workspaceId, VIEWER);

      expect([second.status, second.headers.get('x-should-retry')]).toEqual([409, 'false']);
    });

    it.each([
      ['404 for an unknown workspace', 404, () => [randomUUID(), EDITOR]],
      ['404 for an unknown role', 404, () => [org.workspaceId, randomUUID()]],
      ['400 for a role of the organization', 400, () => [org.workspaceId, role('ORGANIZATION_VIEWER')]],
      ['400 for a workspace id that is no UUID', 400, () => ['here', EDITOR]],
    ] as const)('is refused with %s', async (_, status, values) => {
      const id = await userGroup(org);
      const [workspaceId, roleId] = values();

      expect((await grantTo(org.admin, id, workspaceId!, roleId!)).status).toBe(status);
      expect(await childrenOf(id)).toEqual([]);
    });

    it("is refused with 404 for another organization's workspace and role", async () => {
      const other = await t.fixtures.orgWithAdmin();
      const id = await userGroup(org);

      const replies = [
        await grantTo(org.admin, id, other.workspaceId, VIEWER),
        await grantTo(org.admin, id, org.workspaceId, await customRole(other, ['runs:read'])),
      ];

      expect(replies.map(({ status }) => status)).toEqual([404, 404]);
    });

    it('cannot be changed where there is none, which is 404', async () => {
      const id = await userGroup(org);

      expect((await regrant(org.admin, id, org.workspaceId, VIEWER)).status).toBe(404);
    });

    it('may be read by a viewer of the workspace', async () => {
      const id = await groupWith(org, EDITOR);
      const viewer = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });

      expect((await viewer.api.get(`${GROUPS}/${id}/workspaces/${org.workspaceId}`)).status).toBe(200);
    });

    it('goes with the workspace', async () => {
      const workspaceId = await anotherWorkspace(org);
      const id = await userGroup(org);
      await grantTo(org.admin, id, workspaceId, VIEWER);

      expect((await org.admin.api.delete(`/api/v1/workspaces/${workspaceId}`)).status).toBe(200);

      expect((await org.admin.api.get(`${GROUPS}/${id}/workspaces`)).body.items).toEqual([]);
      expect(await childrenOf(id)).toEqual([]);
    });

    it('keeps a custom role from being deleted, which is 409', async () => {
      const roleId = await customRole(org, ['runs:read']);
      const id = await groupWith(org, roleId);
      const remove = () => org.admin.api.delete(`/api/v1/orgs/current/roles/${roleId}`);

      const refused = await remove();
      await revokeFrom(org.admin, id, org.workspaceId);

      expect(refused).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('a user group') },
      });
      expect((await remove()).status).toBe(200);
    });
  });

  describe('a child group', () => {
    it('follows the name of its parent, and fits into 255 characters', async () => {
      const id = await groupWith(org, EDITOR);

      await org.admin.api.patch(`${GROUPS}/${id}`, { name: 'n'.repeat(255) });

      expect(await childrenOf(id)).toEqual([{ name: `${'n'.repeat(216)} (${org.workspaceId})` }]);
    });

    it.each([
      ['renamed', (path: string) => org.admin.api.patch(path, { name: 'Own name' })],
      ['deleted', (path: string) => org.admin.api.delete(path)],
      [
        'granted a role',
        (path: string) =>
          org.admin.api.post(`${path}/workspaces`, { workspace_id: org.workspaceId, role_id: VIEWER }),
      ],
      ['asked for its grants', (path: string) => org.admin.api.get(`${path}/workspaces`)],
      ['asked for one grant', (path: string) => org.admin.api.get(`${path}/workspaces/${org.workspaceId}`)],
      [
        'given another role',
        (path: string) => org.admin.api.patch(`${path}/workspaces/${org.workspaceId}`, { role_id: VIEWER }),
      ],
      [
        'deprived of its role',
        (path: string) => org.admin.api.delete(`${path}/workspaces/${org.workspaceId}`),
      ],
    ])('cannot be %s, which is 400', async (_, request) => {
      const child = await childOf(t, await groupWith(org, EDITOR), org.workspaceId);

      expect((await request(`${GROUPS}/${child}`)).status).toBe(400);
      expect((await org.admin.api.get(`${GROUPS}/${child}`)).status).toBe(200);
    });

    it('goes with its parent', async () => {
      const id = await groupWith(org, EDITOR);
      const child = await childOf(t, id, org.workspaceId);

      await org.admin.api.delete(`${GROUPS}/${id}`);

      expect((await org.admin.api.get(`${GROUPS}/${child}`)).status).toBe(404);
    });
  });
});

describe('the stored roles', () => {
  /** The roles that triggers keep, and those that members and grants give (docs/decisions/0075). */
  const STORED = 'select user_id, workspace_id, role_id, sources from user_group_roles order by 1, 2, 3';
  const GIVEN = `
  select m.user_id, g.workspace_id, g.role_id, count(*)::int as sources
  from user_group_members m join user_groups g on m.user_group_id in (g.parent_user_group_id, g.id)
  where g.workspace_id is not null group by 1, 2, 3 order by 1, 2, 3`;

  let t: TestApp;
  let org: OrgWithAdmin;
  beforeAll(async () => {
    t = await startTestApp();
    org = await t.fixtures.orgWithAdmin();
  });
  afterAll(() => t.close());

  /** A generator with a fixed seed, so that a failure repeats (Numerical Recipes, a linear congruential one). */
  function generator(seed: number) {
    let state = seed;
    return <T>(values: readonly T[]): T => {
      state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
      return values[Math.floor((state / 4_294_967_296) * values.length)]!;
    };
  }

  async function expectAgreement(): Promise<number> {
    const [stored, given] = [await t.sql(STORED, []), await t.sql(GIVEN, [])];
    expect(stored).toEqual(given);
    return stored.length;
  }

  it.each([1, 2, 3])(
    'stores the roles that members and grants give, after random changes (%i)',
    async (seed) => {
      const pick = generator(seed);
      const workspaces = [org.workspaceId, await anotherWorkspace(org), await anotherWorkspace(org)];
      const roles = [VIEWER, EDITOR, await customRole(org, ['runs:read'])];
      const members: Member[] = [];
      for (let n = 0; n < 4; n++)
        members.push(await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' }));
      const groups = [await userGroup(org), await userGroup(org), await userGroup(org)];
      const group = async () => {
        const id = pick(groups);
        const isChild = pick([false, false, true]);
        return isChild ? childOf(t, id, pick(workspaces)).catch(() => id) : id;
      };
      const changes = [
        async () => addTo(org.admin, await group(), pick(members), pick(members)),
        async () => removeFrom(org.admin, await group(), pick(members)),
        () => grantTo(org.admin, pick(groups), pick(workspaces), pick(roles)),
        () => regrant(org.admin, pick(groups), pick(workspaces), pick(roles)),
        () => revokeFrom(org.admin, pick(groups), pick(workspaces)),
      ];
      for (let n = 0; n < 15; n++)
        await Promise.all([pick(changes)(), pick(changes)(), pick(changes)(), pick(changes)()]);

      expect(await expectAgreement()).toBeGreaterThan(0);

      await org.admin.api.delete(`/api/v1/orgs/current/members/${members[0]!.membershipId}`);
      await expectAgreement();
      await org.admin.api.delete(`/api/v1/workspaces/${workspaces[1]}`);
      await expectAgreement();
      for (const id of groups) {
        await org.admin.api.delete(`${GROUPS}/${id}`);
        await expectAgreement();
      }
      expect(await t.sql(STORED, [])).toEqual([]);
    },
  );

  it.each(['none', 'named', 'derived'] as const)(
    'recognizes a caller (workspace: %s) by the stored roles alone, however many groups and members there are',
    async (workspace) => {
      const { text } = bySession('named', workspace);
      const values = [newId(), org.orgId, org.workspaceId];
      const filled = text.replace(/\$(\d)/g, (_, index: string) => `'${values[Number(index) - 1]}'::uuid`);

      const plan = await onOwnConnection(t, async (client) => {
        await client.query('begin; set local enable_seqscan = off'); // tables of tests are smaller than an index
        const { rows } = await client.query(`explain (costs off) ${filled}`);
        await client.query('rollback');
        return rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n');
      });

      expect(plan).not.toMatch(/on user_group_members|on user_groups/);
      if (workspace !== 'none') expect(plan).toContain('using user_group_roles_pkey');
    },
  );
});
