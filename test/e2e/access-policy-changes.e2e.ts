import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { attach, CHECK, POLICIES, policy, policyBody, TEAM_A } from '../support/access-policies.js';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { customRole } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const VIEWER = role('WORKSPACE_VIEWER');
const EDITOR = role('WORKSPACE_USER');
const ROLES = '/v1/platform/orgs/current/roles';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

const get = async (id: string, { admin } = org) => (await admin.api.get(`${POLICIES}/${id}`)).body;
const patch = (id: string, body: unknown, api: Api = org.admin.api) => api.patch(`${POLICIES}/${id}`, body);
const atRole = (roleId: string, ids: string[] = []) =>
  `${ROLES}/${roleId}/access-policies?${ids.map((id) => `access_policy_ids=${id}`).join('&')}`;
const detach = (roleId: string, ids: string[], api: Api = org.admin.api) => api.delete(atRole(roleId, ids));
const detachByBody = (roleId: string, ids: unknown, api: Api = org.admin.api) =>
  api.send('DELETE', `${POLICIES}/roles/${roleId}/access-policies`, { access_policy_ids: ids });

/** The callers who may not change policies although they hold `organization:manage`. */
async function limitedCallers(): Promise<Api[]> {
  const operator = await t.fixtures.member(org, {
    org: 'ORGANIZATION_OPERATOR',
    workspace: 'WORKSPACE_VIEWER',
  });
  const body = { org_role_id: role('ORGANIZATION_ADMIN'), role_id: VIEWER };
  const made = await org.admin.api.post('/api/v1/orgs/current/service-keys', body);
  return [operator.api, t.api.as({ key: made.body.key })];
}

describe('changing an access policy', () => {
  it('replaces the members that are sent, and keeps the others and the attachments', async () => {
    const id = await policy(org, { description: 'Why', role_ids: [EDITOR] });
    const before = await get(id);
    const other = { ...TEAM_A, permission: 'projects:delete', resource_type: 'project' };

    const renamed = await patch(id, { name: `${before.name} changed` });
    const changed = await patch(id, { effect: 'deny', condition_groups: [other], description: null });

    expect(renamed).toMatchObject({
      status: 200,
      body: { ...before, name: `${before.name} changed`, updated_at: expect.any(String) },
    });
    expect(changed.body).toEqual({
      ...renamed.body,
      effect: 'deny',
      condition_groups: [other],
      description: '',
      updated_at: expect.any(String),
    });
    expect(changed.body.updated_at > before.updated_at).toBe(true);
    expect(await get(id)).toEqual(changed.body);
  });

  it('ignores role_ids, which are changed by attaching and detaching', async () => {
    const id = await policy(org, { role_ids: [EDITOR] });

    expect((await patch(id, { role_ids: [VIEWER] })).body.role_ids).toEqual([EDITOR]);
  });

  it('changes the decisions at once', async () => {
    const roleId = await customRole(org, ['datasets:read']);
    const person = await t.fixtures.member(org, { workspace: roleId });
    const id = await policy(org, { effect: 'deny', role_ids: [roleId] });
    const decision = async () => (await person.api.post(CHECK, ASKED)).body.reason;
    const ASKED = {
      workspace_id: org.workspaceId,
      permission: 'datasets:read',
      resource_type: 'dataset',
      resource_tags: { Team: ['B', 'A'] },
    };
    expect(await decision()).toBe('policy_deny');

    await patch(id, { effect: 'allow' });
    expect(await decision()).toBe('policy_allow');
    await patch(id, {
      condition_groups: [{ ...TEAM_A, conditions: [{ ...TEAM_A.conditions[0], operator: 'not_equals' }] }],
    });
    expect(await decision()).toBe('role');
  });

  it('stores queues as queue', async () => {
    const group = { ...TEAM_A, permission: 'annotation-queues:read', resource_type: 'queues' };
    const id = await policy(org, { condition_groups: [group] });

    expect((await get(id)).condition_groups).toEqual([{ ...group, resource_type: 'queue' }]);
    expect((await patch(id, { condition_groups: [group] })).body.condition_groups[0].resource_type).toBe(
      'queue',
    );
  });

  it('returns 400 for malformed values and 422 for values without a meaning, and changes nothing', async () => {
    const id = await policy(org);
    const before = await get(id);
    const replies = [
      await patch(id, { name: null }),
      await patch(id, { name: ' ' }),
      await patch(id, { effect: null }),
      await patch(id, { condition_groups: 'all' }),
      await patch('mine', { name: 'x' }),
      await patch(id, { effect: 'audit' }),
      await patch(id, { condition_groups: [] }),
      await patch(id, { condition_groups: [{ ...TEAM_A, permission: 'runs:*' }] }),
    ];

    expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 422, 422, 422]);
    expect(await get(id)).toEqual(before);
  });

  it('returns 409 for a name of another policy, and 404 for a policy of another organization', async () => {
    const [one, two] = [await policy(org), await policy(org)];
    const other = await t.fixtures.orgWithAdmin();
    const foreign = await policy(other);
    const taken = await patch(one, { name: (await get(two)).name });

    expect([taken.status, taken.headers.get('x-should-retry')]).toEqual([409, 'false']);
    expect((await patch(foreign, { name: 'Ours' })).status).toBe(404);
    expect((await patch(randomUUID(), { name: 'None' })).status).toBe(404);
    expect((await get(foreign, other)).name).not.toBe('Ours');
  });
});

describe('attaching and detaching at the role', () => {
  it('attaches at the path of the role like at the earlier path', async () => {
    const [one, two] = [await policy(org), await policy(org)];
    const body = { access_policy_ids: [one, two] };

    const reply = await org.admin.api.post(
      `/api/v1/platform/orgs/current/roles/${VIEWER}/access-policies`,
      body,
    );

    expect(reply).toMatchObject({ status: 204, body: '' });
    expect([(await get(one)).role_ids, (await get(two)).role_ids]).toEqual([[VIEWER], [VIEWER]]);
  });

  it.each([
    ['the path of the role', detach],
    ['the earlier path, which names them in the body', detachByBody],
  ])('detaches the named policies from this role only, by %s', async (_which, remove) => {
    const [one, two] = [
      await policy(org, { role_ids: [VIEWER, EDITOR] }),
      await policy(org, { role_ids: [VIEWER] }),
    ];
    const kept = await policy(org, { role_ids: [VIEWER] });

    expect(await remove(VIEWER, [one, two.toUpperCase()])).toMatchObject({ status: 204, body: '' });
    const after = await get(one);
    expect((await remove(VIEWER, [one, randomUUID()])).status).toBe(204);

    expect([after.role_ids, (await get(two)).role_ids, (await get(kept)).role_ids]).toEqual([
      [EDITOR],
      [],
      [VIEWER],
    ]);
    expect(after.updated_at > after.created_at).toBe(true);
    expect(await get(one)).toEqual(after);
  });

  it('returns 400 for missing or malformed ids, 404 for an unknown role and 422 for no workspace role', async () => {
    const id = await policy(org);
    const replies = [
      await detach(VIEWER, []),
      await detach(VIEWER, ['mine']),
      await detach('viewer', [id]),
      await detachByBody(VIEWER, undefined),
      await detach(VIEWER, Array<string>(101).fill(id)),
      await detach(randomUUID(), [id]),
      await detachByBody(await customRole(await t.fixtures.orgWithAdmin(), ['runs:read']), [id]),
      await detach(role('ORGANIZATION_USER'), [id]),
    ];

    expect(replies.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 404, 404, 422]);
  });

  it('does not detach the policy of another organization', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const foreign = await policy(other, { role_ids: [VIEWER] });

    expect((await detach(VIEWER, [foreign])).status).toBe(204);

    expect((await get(foreign, other)).role_ids).toEqual([VIEWER]);
  });
});

describe('permission to change and detach policies', () => {
  it('returns 403 when an operator, or a key with less than an admin, changes, attaches or detaches a policy', async () => {
    const id = await policy(org, { effect: 'deny', role_ids: [EDITOR] });
    const before = await get(id);
    for (const api of await limitedCallers()) {
      const replies = [
        await patch(id, { effect: 'allow' }, api),
        await api.post(atRole(VIEWER), { access_policy_ids: [id] }),
        await detach(EDITOR, [id], api),
        await detachByBody(EDITOR, [id], api),
      ];
      expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
      expect(replies[3]?.body.detail).toBe('Access policies are managed by organization admins.');
    }
    expect(await get(id)).toEqual(before);
  });

  it('writes an audit entry for each change, and none where nothing was detached', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const id = await policy(own);
    const { api } = own.admin;
    await patch(id, { name: 'Changed' }, api);
    await attach(own.admin, VIEWER, [id]);
    await detach(VIEWER, [id], api);
    await detach(VIEWER, [id], api);

    expect(await auditOf(own.admin)).toEqual([
      ['detach_access_policies', [VIEWER, id]],
      ['attach_access_policies', [VIEWER, id]],
      ['update_access_policy', [id]],
      ['create_access_policy', [id]],
    ]);
  });

  const auditOf = async ({ api }: Person) => {
    const query = 'start_time=2020-01-01T00:00:00Z&end_time=2100-01-01T00:00:00Z&limit=50';
    const { body } = await api.get(`/api/v1/audit-logs?${query}`);
    return body.items
      .map((item: any) => [item.api.operation, item.resources.map(({ uid }: { uid: string }) => uid)])
      .filter(([operation]: [string]) => operation.includes('_access_polic'));
  };
});

it('lets one of two simultaneous changes to the same name succeed', async () => {
  const ids = [await policy(org), await policy(org), await policy(org)];
  const { name } = policyBody();

  const replies = await Promise.all(ids.map((id) => patch(id, { name })));

  expect(replies.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409]);
});
