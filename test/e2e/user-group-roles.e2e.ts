import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId } from '../../src/database/statements/new-id.js';
import { bySession } from '../../src/modules/auth/authentication/principal.statements.js';
import { onOwnConnection } from '../support/audit-log.js';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { anotherWorkspace, customRole } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addTo,
  childOf,
  EDITOR,
  grantTo,
  GROUPS,
  regrant,
  removeFrom,
  revokeFrom,
  userGroup,
  VIEWER,
} from '../support/user-groups.js';

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
    for (let n = 0; n < 4; n++) members.push(await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' }));
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
