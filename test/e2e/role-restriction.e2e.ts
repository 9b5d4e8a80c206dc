import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import { onOwnConnection } from '../support/audit-log.js';
import type { Api } from '../support/api.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { untilOthersWait, waitForBlockedQuery } from '../support/waiting-for-locks.js';

const ROLES = '/api/v1/orgs/current/roles';
const MEMBERS = '/api/v1/workspaces/current/members';
const ORG_MEMBERS = '/api/v1/orgs/current/members';
const KEYS = '/api/v1/orgs/current/service-keys';
const ACCOUNTS = '/api/v1/service-accounts';
const VIEWER = role('WORKSPACE_VIEWER');

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const restrict = ({ admin }: OrgWithAdmin, roleId: string, is_restricted: unknown = true) =>
  admin.api.put(`${ROLES}/${roleId}/restriction`, { is_restricted });

async function customRole({ admin }: OrgWithAdmin, permissions: string[]): Promise<string> {
  const wish = { display_name: `Role ${randomUUID()}`, description: '', permissions };
  return (await admin.api.post(ROLES, wish)).body.id;
}

const roleIn = async ({ admin }: OrgWithAdmin, roleId: string) =>
  (await admin.api.get(ROLES)).body.find(({ id }: { id: string }) => id === roleId);

describe('PUT /orgs/current/roles/{role_id}/restriction', () => {
  let org: OrgWithAdmin;
  beforeEach(async () => {
    org = await t.fixtures.orgWithAdmin();
  });

  it('restricts a custom role and lifts the restriction, each time with the same response', async () => {
    const id = await customRole(org, ['workspaces:read']);
    expect(await roleIn(org, id)).toMatchObject({ is_restricted: false });

    for (const is_restricted of [true, true, false, false]) {
      const { status, body } = await restrict(org, id, is_restricted);
      expect({ status, body }).toMatchObject({ status: 200, body: { id, is_restricted } });
      expect(body).toEqual(await roleIn(org, id));
    }
    const entries = await auditOf(t, org.orgId, ['upsert_role_restriction']);
    expect(entries.map(({ succeeded, resourceIds }) => ({ succeeded, resourceIds }))).toEqual(
      Array.from({ length: 4 }, () => ({ succeeded: true, resourceIds: [id] })),
    );
  });

  it('restricts a system role of workspaces in this organization alone', async () => {
    const other = await t.fixtures.orgWithAdmin();

    expect((await restrict(org, VIEWER)).body).toMatchObject({
      name: 'WORKSPACE_VIEWER',
      is_restricted: true,
    });

    expect(await roleIn(org, VIEWER)).toMatchObject({ is_restricted: true });
    expect(await roleIn(other, VIEWER)).toMatchObject({ is_restricted: false });
  });

  it('keeps the restriction when the role is changed, and drops it with the role', async () => {
    const id = await customRole(org, ['workspaces:read']);
    await restrict(org, id);
    const wish = { display_name: 'Renamed', description: '', permissions: ['runs:read'] };

    const changed = await org.admin.api.patch(`${ROLES}/${id}`, wish);
    const deleted = await org.admin.api.delete(`${ROLES}/${id}`);

    expect([changed.body.is_restricted, deleted.body.is_restricted]).toEqual([true, true]);
    expect(await t.sql('select from role_restrictions where org_id = $1', [org.orgId])).toEqual([]);
  });

  it('returns 422 for a role of the organization, and for a body without a boolean', async () => {
    const refused = await restrict(org, role('ORGANIZATION_USER'));

    expect(refused).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['path', 'role_id'], msg: 'Only workspace roles can be restricted' }] },
    });
    for (const value of [null, 'true', 1]) expect((await restrict(org, VIEWER, value)).status).toBe(422);
    expect((await org.admin.api.put(`${ROLES}/${VIEWER}/restriction`, {})).status).toBe(422);
  });

  it('returns 404 for an unknown role and for one of another organization', async () => {
    const foreign = await customRole(await t.fixtures.orgWithAdmin(), ['workspaces:read']);

    for (const id of [foreign, randomUUID()]) expect((await restrict(org, id)).status).toBe(404);
  });

  it('returns 403 to everyone but Organization Admins', async () => {
    for (const orgRole of ['ORGANIZATION_OPERATOR', 'ORGANIZATION_USER'] as const) {
      const { api } = await t.fixtures.member(org, { org: orgRole, workspace: 'WORKSPACE_ADMIN' });
      expect((await api.put(`${ROLES}/${VIEWER}/restriction`, { is_restricted: true })).status).toBe(403);
    }
    expect(await roleIn(org, VIEWER)).toMatchObject({ is_restricted: false });
  });
});

describe('a restricted role', () => {
  let org: OrgWithAdmin;
  let restricted: string;
  /** Holds every permission of the role, and may manage members and keys, but not the workspace. */
  let steward: Member;
  /** An Organization Operator with the same role in the workspace. */
  let operator: Member;
  /** Manages the workspace, but is no Organization Admin. */
  let lead: Member;
  beforeAll(async () => {
    org = await t.fixtures.orgWithAdmin();
    restricted = await customRole(org, ['workspaces:read', 'runs:read']);
    const permissions = [
      'workspaces:read',
      'runs:read',
      'workspaces:manage-members',
      'workspaces:manage-keys',
    ];
    const stewards = await customRole(org, permissions);
    steward = await t.fixtures.member(org, { workspace: stewards });
    operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: stewards });
    lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    await org.admin.api.patch('/api/v1/orgs/current/info', { workspace_admin_can_invite_to_org: true });
  });

  const email = () => t.fixtures.email();
  const keyOf = async (roleId: string) => {
    const wish = { workspaces: [org.workspaceId], role_id: roleId };
    return (await org.admin.api.post(KEYS, wish)).body.id as string;
  };
  const identity = async (api: Api, member: Member) =>
    (await api.get(`${MEMBERS}/active`)).body.find(
      ({ user_id }: { user_id: string }) => user_id === member.userId,
    ).id as string;
  let plain: string;
  beforeAll(async () => {
    plain = await customRole(org, ['workspaces:read']);
  });

  /** What assigns the role to somebody or something new, by name. `as` prepares it with an admin's client. */
  const WAYS: [
    what: string,
    who: 'steward' | 'operator',
    assign: (roleId: string) => Promise<(api: Api) => Promise<{ status: number; body: unknown }>>,
  ][] = [
    [
      'a member who is added',
      'steward',
      async (role_id) => {
        const person = await t.fixtures.member(org, {});
        return (api) => api.post(MEMBERS, { org_identity_id: person.membershipId, role_id });
      },
    ],
    [
      'a member whose role is changed',
      'steward',
      async (role_id) => {
        const person = await t.fixtures.member(org, { workspace: plain });
        const id = await identity(org.admin.api, person);
        return (api) => api.patch(`${MEMBERS}/${id}`, { role_id });
      },
    ],
    [
      'an invitation to the workspace',
      'steward',
      async (role_id) => {
        const row = { email: email(), workspace_ids: [org.workspaceId], workspace_role_id: role_id };
        return (api) => api.post(`${MEMBERS}/batch`, [row]);
      },
    ],
    [
      'a pending invitation whose workspace role is changed',
      'steward',
      async (role_id) => {
        const row = { email: email(), workspace_ids: [org.workspaceId], workspace_role_id: plain };
        const [{ id }] = (await org.admin.api.post(`${MEMBERS}/batch`, [row])).body;
        return (api) => api.patch(`${MEMBERS}/${id}/pending`, { role_id });
      },
    ],
    [
      'an invitation to the organization',
      'operator',
      async (role_id) => {
        const row = { email: email(), workspace_ids: [org.workspaceId], workspace_role_id: role_id };
        return (api) => api.post(ORG_MEMBERS, row);
      },
    ],
    [
      'a batch of invitations to the organization',
      'operator',
      async (role_id) => {
        const row = { email: email(), workspace_ids: [org.workspaceId], workspace_role_id: role_id };
        return (api) => api.post(`${ORG_MEMBERS}/batch`, [row]);
      },
    ],
    [
      'a service key',
      'steward',
      async (role_id) => (api) => api.post(KEYS, { workspaces: [org.workspaceId], role_id }),
    ],
    [
      'a service key of the workspace',
      'steward',
      async (role_id) => (api) => api.post('/api/v1/api-key', { role_id }),
    ],
    [
      'a service key whose role is changed',
      'steward',
      async (role_id) => {
        const id = await keyOf(plain);
        return (api) => api.patch(`${KEYS}/${id}`, { role_id });
      },
    ],
    [
      'a service account',
      'operator',
      async (role_id) => (api) =>
        api.post(ACCOUNTS, {
          name: `Bot ${randomUUID()}`,
          workspaces: [{ workspace_id: org.workspaceId, role_id }],
        }),
    ],
  ];

  it.each(WAYS)(
    'is not assigned to %s by a caller without workspaces:manage, and is by a manager',
    async (_what, who, assign) => {
      const { api } = who === 'steward' ? steward : operator;
      await restrict(org, restricted, false);
      const before = await (await assign(restricted))(api);
      await restrict(org, restricted);

      const refused = await (await assign(restricted))(api);
      const allowed = await (await assign(restricted))(who === 'steward' ? lead.api : org.admin.api);

      expect([before.status, refused.status, allowed.status]).toEqual([200, 403, 200]);
      expect(JSON.stringify(refused.body)).toMatch(/Role [0-9a-f-]{36} is restricted/);
    },
  );

  it('stays with those who have it, who can be left as they are, changed and removed by a member manager', async () => {
    await restrict(org, restricted);
    const person = await t.fixtures.member(org, { workspace: restricted });
    const path = `${MEMBERS}/${await identity(org.admin.api, person)}`;

    expect((await person.api.get(MEMBERS)).status).toBe(200);
    const kept = await steward.api.patch(path, { role_id: restricted });
    const changed = await steward.api.patch(path, { role_id: plain });
    const removed = await steward.api.delete(path);

    expect([kept.status, changed.status, removed.status]).toEqual([200, 200, 200]);
  });

  it('is not spread by a caller who manages only one of the workspaces of a key', async () => {
    await restrict(org, restricted);
    const elsewhere = (await org.admin.api.post('/api/v1/workspaces', { display_name: 'Elsewhere' })).body.id;
    const join = { org_identity_id: lead.membershipId, role_id: restricted };
    await org.admin.api.as({ workspaceId: elsewhere }).post(MEMBERS, join);
    const wish = { role_id: restricted, workspaces: [org.workspaceId, elsewhere] };
    const { id } = (await org.admin.api.post(KEYS, { ...wish, workspaces: [org.workspaceId] })).body;

    const created = await lead.api.post(KEYS, wish);
    const extended = await lead.api.patch(`${KEYS}/${id}`, { workspaces: wish.workspaces });

    expect([created.status, extended.status]).toEqual([403, 403]);
    expect((await org.admin.api.post(KEYS, wish)).status).toBe(200);
  });

  it('is not assigned by a request that waits while an admin restricts it', async () => {
    await restrict(org, restricted, false);
    const person = await t.fixtures.member(org, {});
    const [put, added] = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      const first = restrict(org, restricted);
      await waitForBlockedQuery(t);
      const second = steward.api.post(MEMBERS, { org_identity_id: person.membershipId, role_id: restricted });
      await untilOthersWait(t);
      await client.query('commit');
      return Promise.all([first, second]);
    });

    expect([put.status, added.status]).toEqual([200, 403]);
  });
});
