import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attach, POLICIES, policy, policyBody, TEAM_A } from '../support/access-policies.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { customRole } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const VIEWER = role('WORKSPACE_VIEWER');
const EDITOR = role('WORKSPACE_USER');

/** Matches every data set, with the tag and without it. */
const ALWAYS = {
  ...{ permission: 'datasets:delete', resource_type: 'dataset' },
  conditions: [{ ...TEAM_A.conditions[0], operator: 'matches_if_exists', attribute_value: '*' }],
};

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

const get = async (id: string, { admin } = org) => (await admin.api.get(`${POLICIES}/${id}`)).body;
const listed = async ({ admin } = org) => (await admin.api.get(POLICIES)).body.access_policies;
const namesOf = async (from: OrgWithAdmin) => (await listed(from)).map(({ name }: { name: string }) => name);

describe('an access policy', () => {
  it('returns a created policy with the values that were sent', async () => {
    const condition_groups = [
      {
        ...TEAM_A,
        conditions: [...TEAM_A.conditions, { ...TEAM_A.conditions[0], operator: 'not_matches_if_exists' }],
      },
      { ...TEAM_A, permission: 'projects:delete', resource_type: 'project' },
    ];
    const sent = policyBody({
      description: 'Why',
      effect: 'deny',
      condition_groups,
      role_ids: [VIEWER, EDITOR],
    });

    const made = await org.admin.api.post(POLICIES, sent);

    expect(made).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    const found = await get(made.body.id);
    expect(found).toEqual({
      ...sent,
      id: made.body.id,
      role_ids: expect.arrayContaining([VIEWER, EDITOR]),
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(await listed()).toContainEqual(found);
  });

  it('accepts a policy without description and roles', async () => {
    expect(await get(await policy(org))).toMatchObject({ description: '', role_ids: [] });
  });

  it('returns 404 for a deleted policy and 204 when it is deleted again', async () => {
    const id = await policy(org, { role_ids: [VIEWER] });

    const replies = [
      await org.admin.api.delete(`${POLICIES}/${id}`),
      await org.admin.api.delete(`${POLICIES}/${id}`),
    ];

    expect(replies).toMatchObject([
      { status: 204, body: '' },
      { status: 204, body: '' },
    ]);
    expect(await org.admin.api.get(`${POLICIES}/${id}`)).toMatchObject({
      status: 404,
      body: { error: 'There is no such access policy here.' },
    });
    expect(await t.sql('select from access_policy_roles where access_policy_id = $1', [id])).toHaveLength(0);
  });

  it('serves policies under the alias path of the gateway too', async () => {
    const id = await policy(org);
    expect((await org.admin.api.get(`/api/v1/platform/orgs/current/access-policies/${id}`)).body.id).toBe(id);
  });
});

describe('attaching policies to a role', () => {
  it('adds policies to the attached ones and changes nothing when they are attached again', async () => {
    const [one, two] = [await policy(org, { role_ids: [EDITOR] }), await policy(org)];

    expect(await attach(org.admin, VIEWER, [one, two.toUpperCase()])).toMatchObject({
      status: 204,
      body: '',
    });
    const after = [await get(one), await get(two)];
    expect((await attach(org.admin, VIEWER.toUpperCase(), [one, one])).status).toBe(204);

    expect(after.map(({ role_ids }) => role_ids)).toEqual([[EDITOR, VIEWER], [VIEWER]]);
    expect(after[1].updated_at > after[1].created_at).toBe(true);
    expect([await get(one), await get(two)]).toEqual(after);
  });

  it('detaches the policies of a custom role when the role is deleted', async () => {
    const custom = await customRole(org, ['runs:read']);
    const id = await policy(org, { role_ids: [custom] });

    expect((await org.admin.api.delete(`/api/v1/orgs/current/roles/${custom}`)).status).toBe(200);

    expect((await get(id)).role_ids).toEqual([]);
  });

  it('returns 400 for a list of policy ids that is missing, empty or too long', async () => {
    const missing = await org.admin.api.post(`${POLICIES}/roles/${VIEWER}/access-policies`, {});
    expect(missing).toMatchObject({ status: 400, body: { error: 'body.access_policy_ids: Field required' } });
    expect((await attach(org.admin, VIEWER, [])).status).toBe(422);
    expect(await attach(org.admin, VIEWER, Array(101).fill(VIEWER))).toMatchObject({
      status: 400,
      body: { error: 'body.access_policy_ids: List should have at most 100 items' },
    });
  });
});

describe('unknown roles and policies', () => {
  it.each([
    ['an unknown role', () => randomUUID()],
    ["another organization's role", async () => customRole(await t.fixtures.orgWithAdmin(), ['runs:read'])],
  ])('returns 404 for %s in a policy and writes nothing', async (_what, roleIdOf) => {
    const roleId = await roleIdOf();
    const body = policyBody({ role_ids: [VIEWER, roleId] });

    expect((await org.admin.api.post(POLICIES, body)).status).toBe(404);
    expect((await attach(org.admin, roleId, [await policy(org)])).status).toBe(404);

    expect(await namesOf(org)).not.toContain(body.name);
  });

  it('returns 422 for a role of the organization, which holds no permission in workspaces', async () => {
    const roleId = role('ORGANIZATION_USER');
    const body = policyBody({ role_ids: [VIEWER, roleId] });
    const replies = [
      await org.admin.api.post(POLICIES, body),
      await attach(org.admin, roleId, [await policy(org)]),
    ];

    expect(replies.map((reply) => [reply.status, reply.body.detail])).toEqual([
      [422, 'body.role_ids.1: Policies are attached to workspace roles only'],
      [422, 'path.role_id: Policies are attached to workspace roles only'],
    ]);
    expect(await namesOf(org)).not.toContain(body.name);
  });

  it('neither shows, attaches nor deletes a policy of another organization', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const [foreign, ours] = [await policy(other, { role_ids: [VIEWER] }), await policy(org)];

    expect((await org.admin.api.get(`${POLICIES}/${foreign}`)).status).toBe(404);
    expect((await attach(org.admin, EDITOR, [ours, foreign])).status).toBe(404);
    expect((await org.admin.api.delete(`${POLICIES}/${foreign}`)).status).toBe(204);

    expect((await listed()).map(({ id }: { id: string }) => id)).not.toContain(foreign);
    expect((await get(foreign, other)).role_ids).toEqual([VIEWER]);
    expect((await get(ours)).role_ids).toEqual([]);
  });

  it('returns 400 for the id of a policy or role that is no UUID', async () => {
    const replies = [
      await org.admin.api.get(`${POLICIES}/roles`),
      await org.admin.api.delete(`${POLICIES}/roles`),
      await attach(org.admin, 'viewer', [randomUUID()]),
      await attach(org.admin, VIEWER, [randomUUID(), 'mine']),
      await org.admin.api.post(POLICIES, policyBody({ role_ids: ['viewer'] })),
    ];

    expect(replies.map(({ status, body }) => [status, body.error.split(':')[0]])).toEqual([
      [400, 'path.access_policy_id'],
      [400, 'path.access_policy_id'],
      [400, 'path.role_id'],
      [400, 'body.access_policy_ids.1'],
      [400, 'body.role_ids.0'],
    ]);
  });
});

const condition = (parts: Record<string, unknown>) => ({
  condition_groups: [{ ...TEAM_A, conditions: [{ ...TEAM_A.conditions[0], ...parts }] }],
});
const group = (parts: Record<string, unknown>) => ({ condition_groups: [{ ...TEAM_A, ...parts }] });

describe('malformed policies', () => {
  it.each([
    ['without a name', { name: undefined }, 'body.name: Field required'],
    ['with a blank name', { name: '  ' }, 'body.name: String should not be blank'],
    [
      'with too long a name',
      { name: 'x'.repeat(201) },
      'body.name: String should have at most 200 characters',
    ],
    ['with a number for a name', { name: 7 }, 'body.name: '],
    ['with a lone surrogate in the name', { name: '\ud800' }, 'body.name: '],
    ['with too long a description', { description: 'x'.repeat(1001) }, 'body.description: '],
    ['without an effect', { effect: undefined }, 'body.effect: Field required'],
    ['without groups', { condition_groups: undefined }, 'body.condition_groups: Field required'],
    [
      'with 21 groups',
      { condition_groups: Array(21).fill(TEAM_A) },
      'body.condition_groups: List should have at most 20',
    ],
    [
      'without a permission',
      group({ permission: undefined }),
      'body.condition_groups.0.permission: Field required',
    ],
    ['without a resource type', group({ resource_type: '' }), 'body.condition_groups.0.resource_type: '],
    [
      'with 11 conditions',
      group({ conditions: Array(11).fill(TEAM_A.conditions[0]) }),
      'body.condition_groups.0.conditions: List should have at most 10',
    ],
    ['without an attribute', condition({ attribute_name: undefined }), 'attribute_name: Field required'],
    ['without a tag key', condition({ attribute_key: ' ' }), 'attribute_key: String should not be blank'],
    ['without an operator', condition({ operator: undefined }), 'operator: Field required'],
    ['without a value', condition({ attribute_value: undefined }), 'attribute_value: Field required'],
    [
      'with too long a value',
      condition({ attribute_value: '*'.repeat(129) }),
      'attribute_value: String should have at most 128',
    ],
    ['with a lone surrogate in a value', condition({ attribute_value: 'a\udc00' }), 'attribute_value: '],
    ['with 101 roles', { role_ids: Array(101).fill(VIEWER) }, 'body.role_ids: List should have at most 100'],
    ['with a number for a role', { role_ids: [1] }, 'body.role_ids'],
  ])('returns 400 for a policy %s', async (_what, parts, error) => {
    const reply = await org.admin.api.post(POLICIES, policyBody(parts));
    expect(reply).toMatchObject({ status: 400, body: { error: expect.stringContaining(error) } });
  });

  it.each([
    ['with an unknown effect', { effect: 'audit' }, "body.effect: Input should be 'allow' or 'deny'"],
    [
      'with an empty list of groups',
      { condition_groups: [] },
      'body.condition_groups: List should have at least 1',
    ],
    ['with an unknown permission', group({ permission: 'runs:*' }), 'body.condition_groups.0.permission: '],
    [
      'with a permission of the organization',
      group({ permission: 'organization:manage' }),
      'body.condition_groups.0.permission: Input should be a workspace permission',
    ],
    [
      'with a permission that does not concern resources of the type',
      group({ permission: 'projects:read' }),
      'The permission projects:read does not concern resources of the type dataset',
    ],
    [
      'without conditions',
      group({ conditions: [] }),
      'body.condition_groups.0.conditions: List should have at least 1',
    ],
    [
      'with an unknown attribute',
      condition({ attribute_name: 'owner' }),
      'body.condition_groups.0.conditions.0.attribute_name: ',
    ],
    [
      'with an unknown operator',
      condition({ operator: 'EQUALS' }),
      'body.condition_groups.0.conditions.0.operator: ',
    ],
  ])('returns 422 for a policy %s', async (_what, parts, error) => {
    const reply = await org.admin.api.post(POLICIES, policyBody(parts));
    expect(reply).toMatchObject({ status: 422, body: { detail: expect.stringContaining(error) } });
  });

  it('names all violations of a policy in one response', async () => {
    const { body } = await org.admin.api.post(POLICIES, { effect: 'maybe', condition_groups: [{}] });
    expect(body.error.split('; ')).toEqual([
      'body.name: Field required',
      "body.effect: Input should be 'allow' or 'deny'",
      'body.condition_groups.0.permission: Field required',
      'body.condition_groups.0.resource_type: Field required',
      'body.condition_groups.0.conditions: Field required',
    ]);
  });
});

describe('names of policies', () => {
  it('accepts a policy name once per organization when eight requests send it at once', async () => {
    const body = policyBody();

    const replies = await Promise.all(Array.from({ length: 8 }, () => org.admin.api.post(POLICIES, body)));

    expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, ...Array(7).fill(409)]);
    const refused = replies.find(({ status }) => status === 409)!;
    expect(refused.body).toMatchObject({ error: 'An access policy with this name exists already.' });
    expect(refused.headers.get('x-should-retry')).toBe('false');
    const other = await t.fixtures.orgWithAdmin();
    expect((await other.admin.api.post(POLICIES, body)).status).toBe(201);
  });
});

it('limits an organization to 100 policies, also when many are created at once', async () => {
  const crowded = await t.fixtures.orgWithAdmin();
  await t.sql(
    `insert into access_policies (id, org_id, name, description, effect, condition_groups)
     select gen_random_uuid(), $1, 'Given ' || n, '', 'deny', '[]' from generate_series(1, 98) n`,
    [crowded.orgId],
  );

  const replies = await Promise.all(
    Array.from({ length: 6 }, () => crowded.admin.api.post(POLICIES, policyBody())),
  );

  expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 201, 403, 403, 403, 403]);
  expect(replies.find(({ status }) => status === 403)!.body.error).toContain('100');
});

describe('permission to manage policies', () => {
  it('returns 403 when an operator, or a key with less than an admin, makes, attaches or deletes a policy', async () => {
    const id = await policy(org);
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_VIEWER',
    });
    const keyWith = async (wish: object) => {
      const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', wish);
      return t.api.as({ key: body.key });
    };
    const admin = { org_role_id: role('ORGANIZATION_ADMIN') };
    const limited = [
      operator.api,
      await keyWith({ org_role_id: role('ORGANIZATION_OPERATOR') }),
      await keyWith({ ...admin, role_id: VIEWER }),
    ];
    const always = policyBody({ role_ids: [VIEWER], condition_groups: [ALWAYS] });

    for (const api of limited) {
      const replies = [
        await api.post(POLICIES, always),
        await attach({ api }, VIEWER, [id]),
        await api.delete(`${POLICIES}/${id}`),
      ];
      expect(replies.map(({ status }) => status)).toEqual([403, 403, 403]);
      expect(replies[0]!.body).toMatchObject({
        error: 'Access policies are managed by organization admins.',
      });
    }
    expect((await get(id)).role_ids).toEqual([]);
    expect((await (await keyWith(admin)).post(POLICIES, policyBody())).status).toBe(201);
  });

  it('lets users and viewers of the organization read policies and not change them', async () => {
    const id = await policy(org);

    for (const name of ['ORGANIZATION_USER', 'ORGANIZATION_VIEWER'] as const) {
      const person = await t.fixtures.member(org, { org: name, workspace: 'WORKSPACE_ADMIN' });
      expect((await person.api.get(`${POLICIES}/${id}`)).status).toBe(200);
      expect((await person.api.get(POLICIES)).status).toBe(200);
      const replies = [
        await person.api.post(POLICIES, policyBody()),
        await attach(person, EDITOR, [id]),
        await person.api.delete(`${POLICIES}/${id}`),
      ];
      expect(replies.map(({ status }) => status)).toEqual([403, 403, 403]);
      expect(replies[0]!.body).toMatchObject({ error: 'This needs the permission organization:manage.' });
    }
    expect((await get(id)).role_ids).toEqual([]);
    expect((await t.api.get(POLICIES)).status).toBe(401);
  });

  it('writes an audit entry for each change of a policy and each refusal', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const id = await policy(own);
    await attach(own.admin, VIEWER, [id]);
    await own.admin.api.delete(`${POLICIES}/${id}`);
    await own.admin.api.delete(`${POLICIES}/${id}`);
    await own.admin.api.post(POLICIES, {});

    const rows = await t.sql(
      `select operation, succeeded, resource_ids, response_status from audit_entries
       where org_id = $1 and operation like '%access_polic%' order by created_at, id`,
      [own.orgId],
    );
    const done = (response_status: number) => ({ succeeded: true, response_status });
    expect(rows).toEqual([
      { operation: 'create_access_policy', resource_ids: [id], ...done(201) },
      { operation: 'attach_access_policies', resource_ids: [VIEWER, id], ...done(204) },
      { operation: 'delete_access_policy', resource_ids: [id], ...done(204) },
      { operation: 'create_access_policy', resource_ids: [], succeeded: false, response_status: 400 },
    ]);
  });
});
