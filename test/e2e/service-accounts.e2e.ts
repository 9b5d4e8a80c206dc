import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attach, policy, TEAM_A } from '../support/access-policies.js';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { anotherWorkspace, customRole, updateOrg } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ACCOUNTS = '/api/v1/service-accounts';
const VIEWER = role('WORKSPACE_VIEWER');
const EDITOR = role('WORKSPACE_USER');
const ADMIN = role('WORKSPACE_ADMIN');

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

type Row = { workspace_id?: string; role_id?: string | null };
const create = (person: Person, workspaces?: Row[], name = `ci-${randomUUID().slice(0, 8)}`) =>
  person.api.post(ACCOUNTS, { name, workspaces });

async function rolesOf(accountId: string): Promise<Record<string, string>> {
  const rows = await t.sql<{ workspace_id: string; role_id: string }>(
    'select workspace_id, role_id from service_account_workspaces where service_account_id = $1',
    [accountId],
  );
  return Object.fromEntries(rows.map((row) => [row.workspace_id, row.role_id]));
}

describe('a service account', () => {
  it('a service account is created, listed and deleted', async () => {
    const research = await anotherWorkspace(org);
    const made = await create(org.admin, [
      { workspace_id: research.toUpperCase(), role_id: EDITOR },
      { workspace_id: org.workspaceId, role_id: null },
    ]);

    expect(made).toMatchObject({
      status: 200,
      body: {
        name: expect.stringMatching(/^ci-/),
        organization_id: org.orgId,
        default_workspace_id: research,
        organization_identity_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    expect(made.body.organization_identity_id).not.toBe(made.body.id);
    const { organization_identity_id: _, ...account } = made.body;
    expect((await org.admin.api.get(ACCOUNTS)).body).toContainEqual(account);
    expect(await rolesOf(made.body.id)).toEqual({ [research]: EDITOR, [org.workspaceId]: VIEWER });

    const gone = await org.admin.api.delete(`${ACCOUNTS}/${account.id}`);

    expect(gone).toMatchObject({ status: 200, body: account });
    expect((await org.admin.api.get(ACCOUNTS)).body).not.toContainEqual(account);
    expect((await org.admin.api.delete(`${ACCOUNTS}/${account.id}`)).status).toBe(404);
  });

  it('a service account can be created without a workspace', async () => {
    expect((await create(org.admin)).body.default_workspace_id).toBeNull();
    expect((await create(org.admin, [])).body.default_workspace_id).toBeNull();
  });

  it('a service account takes no seat and is in no list of members', async () => {
    const own = await t.fixtures.orgWithAdmin();
    await t.sql('update organizations set max_identities = 1 where id = $1', [own.orgId]);

    expect((await create(own.admin, [{ workspace_id: own.workspaceId }])).status).toBe(200);

    const lists = ['orgs/current/members/active', 'workspaces/current/members/active'];
    for (const list of lists) expect((await own.admin.api.get(`/api/v1/${list}`)).body).toHaveLength(1);
    await updateOrg(own, { display_name: 'Still one seat' });
  });

  it('a service account loses the membership of a workspace that is deleted', async () => {
    const [gone, kept] = [await anotherWorkspace(org), await anotherWorkspace(org)];
    const { id } = (await create(org.admin, [{ workspace_id: gone }, { workspace_id: kept }])).body;

    await org.admin.api.as({ workspaceId: gone }).delete(`/api/v1/workspaces/${gone}`);

    expect(await rolesOf(id)).toEqual({ [kept]: VIEWER });
    const listed: { id: string }[] = (await org.admin.api.get(ACCOUNTS)).body;
    expect(listed.find((account) => account.id === id)).toMatchObject({ default_workspace_id: null });
  });

  it('a service account prevents the deletion of the role that it holds', async () => {
    const custom = await customRole(org, ['runs:read']);
    const { id } = (await create(org.admin, [{ workspace_id: org.workspaceId, role_id: custom }])).body;
    const path = `/api/v1/orgs/current/roles/${custom}`;

    expect(await org.admin.api.delete(path)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('service account') },
    });
    await org.admin.api.delete(`${ACCOUNTS}/${id}`);
    expect((await org.admin.api.delete(path)).status).toBe(200);
  });
});

describe('the name of a service account', () => {
  it('the name of a service account is unique in an organization, also under concurrent requests', async () => {
    const name = 'deployer';

    const replies = await Promise.all(Array.from({ length: 8 }, () => create(org.admin, [], name)));

    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, ...Array(7).fill(409)]);
    const refused = replies.find(({ status }) => status === 409)!;
    expect(refused.headers.get('x-should-retry')).toBe('false');
    const other = await t.fixtures.orgWithAdmin();
    expect((await create(other.admin, [], name)).status).toBe(200);
    expect((await create(org.admin, [], ` ${name} `)).status).toBe(409);
  });
});

describe('the role that a service account may be given', () => {
  it('an operator gives a service account at most their own role in a workspace, and none in other workspaces', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_USER',
    });
    const elsewhere = await anotherWorkspace(org);
    const here = org.workspaceId;

    expect((await create(operator, [{ workspace_id: here, role_id: EDITOR }])).status).toBe(200);
    expect((await create(operator)).status).toBe(200);
    const refused = await create(operator, [
      { workspace_id: here, role_id: VIEWER },
      { workspace_id: randomUUID(), role_id: VIEWER },
      { workspace_id: elsewhere },
    ]);

    expect(refused).toMatchObject({
      status: 403,
      body: {
        detail: [
          { loc: ['body', 'workspaces', 1, 'workspace_id'], type: 'not_found' },
          { loc: ['body', 'workspaces', 2, 'role_id'], type: 'forbidden' },
        ],
      },
    });
    expect((await create(operator, [{ workspace_id: here, role_id: ADMIN }])).status).toBe(403);
  });

  it('an operator gives a service account no role with policies other than their own, and each such row is named', async () => {
    const [own, free, allowing] = [
      await customRole(org, ['workspaces:read', 'datasets:read']),
      await customRole(org, ['datasets:read']),
      await customRole(org, ['workspaces:read']),
    ];
    const share = { condition_groups: [{ ...TEAM_A, permission: 'datasets:share' }] };
    await attach(org.admin, own, [await policy(org, { effect: 'deny' })]);
    await attach(org.admin, allowing, [await policy(org, share)]);
    const operator = await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: own });
    const elsewhere = await anotherWorkspace(org);

    const refused = await create(operator, [
      { workspace_id: org.workspaceId, role_id: free },
      { workspace_id: elsewhere, role_id: allowing },
    ]);

    expect(refused.status).toBe(403);
    expect(refused.body.detail).toEqual([
      {
        loc: ['body', 'workspaces', 0, 'role_id'],
        msg: expect.stringMatching(/denies you datasets:read here .* Organization Admin/),
        type: 'forbidden',
      },
      {
        loc: ['body', 'workspaces', 1, 'role_id'],
        msg: expect.stringContaining(`in the workspace ${elsewhere}`),
        type: 'forbidden',
      },
    ]);
    const here = (role_id: string) => create(operator, [{ workspace_id: org.workspaceId, role_id }]);
    expect((await here(allowing)).body.detail).toMatchObject([{ loc: ['body', 'workspaces', 0, 'role_id'] }]);
    expect((await here(own)).status).toBe(200);
  });

  it('an organization admin gives a service account any workspace role in any workspace', async () => {
    const elsewhere = await anotherWorkspace(org);
    const { status } = await create(org.admin, [{ workspace_id: elsewhere, role_id: ADMIN }]);
    expect(status).toBe(200);
  });
});

describe('unknown workspaces, roles and service accounts', () => {
  it('returns 404 that names each workspace and role of another organization, and writes nothing', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const name = `refused-${randomUUID()}`;
    const theirRole = await customRole(other, ['runs:read']);

    const reply = await create(
      org.admin,
      [
        { workspace_id: other.workspaceId },
        { workspace_id: org.workspaceId, role_id: theirRole },
        { workspace_id: randomUUID(), role_id: role('ORGANIZATION_USER') },
      ],
      name,
    );

    expect(reply.status).toBe(404);
    expect(reply.body.detail.map(({ loc }: { loc: unknown }) => loc)).toEqual([
      ['body', 'workspaces', 0, 'workspace_id'],
      ['body', 'workspaces', 1, 'role_id'],
      ['body', 'workspaces', 2, 'workspace_id'],
      ['body', 'workspaces', 2, 'role_id'],
    ]);
    expect(await t.sql('select from service_accounts where name = $1', [name])).toHaveLength(0);
  });

  it('neither lists nor deletes a service account of another organization', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const { id } = (await create(other.admin)).body;

    expect((await org.admin.api.delete(`${ACCOUNTS}/${id}`)).status).toBe(404);

    const idsIn = async (place: OrgWithAdmin) =>
      (await place.admin.api.get(ACCOUNTS)).body.map((account: { id: string }) => account.id);
    expect(await idsIn(org)).not.toContain(id);
    expect(await idsIn(other)).toEqual([id]);
  });
});

describe('a malformed request for a service account', () => {
  it.each([
    ['without a name', { name: undefined }, ['name']],
    ['with a blank name', { name: ' ' }, ['name']],
    ['with too long a name', { name: 'x'.repeat(201) }, ['name']],
    ['with a number for a name', { name: 5 }, ['name']],
    ['with one workspace for a list', { workspaces: { workspace_id: randomUUID() } }, ['workspaces']],
    [
      'with a row without a workspace',
      { workspaces: [{ role_id: VIEWER }] },
      ['workspaces', 0, 'workspace_id'],
    ],
    [
      'with a role that is no id',
      { workspaces: [{ workspace_id: VIEWER, role_id: 'x' }] },
      ['workspaces', 0, 'role_id'],
    ],
    [
      'with a workspace named twice',
      { workspaces: [{ workspace_id: VIEWER }, { workspace_id: VIEWER.toUpperCase() }] },
      ['workspaces', 1, 'workspace_id'],
    ],
  ])('returns 422 that names the field for a request %s', async (_what, parts, place) => {
    const reply = await org.admin.api.post(ACCOUNTS, { name: 'x', ...parts });
    expect(reply).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', ...place] }] } });
  });

  it('returns 422 for a malformed service account id', async () => {
    expect((await org.admin.api.delete(`${ACCOUNTS}/x`)).status).toBe(422);
  });
});

describe('the management of service accounts', () => {
  it('users see service accounts, while creation and deletion require organization:manage', async () => {
    const { id } = (await create(org.admin)).body;
    for (const name of ['ORGANIZATION_USER', 'ORGANIZATION_VIEWER'] as const) {
      const person = await t.fixtures.member(org, { org: name, workspace: 'WORKSPACE_ADMIN' });
      expect((await person.api.get(ACCOUNTS)).status).toBe(200);
      expect((await create(person)).status).toBe(403);
      expect((await person.api.delete(`${ACCOUNTS}/${id}`)).status).toBe(403);
    }
    expect((await t.api.get(ACCOUNTS)).status).toBe(401);
  });

  it('leaves an audit entry for each change and each refusal', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const { id } = (await create(own.admin)).body;
    await own.admin.api.delete(`${ACCOUNTS}/${id}`);
    await own.admin.api.delete(`${ACCOUNTS}/${id}`);

    const rows = await t.sql(
      `select operation, succeeded, resource_ids, response_status from audit_entries
       where org_id = $1 and operation like '%service_account' order by created_at, id`,
      [own.orgId],
    );
    expect(rows).toEqual([
      { operation: 'create_service_account', succeeded: true, resource_ids: [id], response_status: 200 },
      { operation: 'delete_service_account', succeeded: true, resource_ids: [id], response_status: 200 },
      { operation: 'delete_service_account', succeeded: false, resource_ids: [], response_status: 404 },
    ]);
  });
});
