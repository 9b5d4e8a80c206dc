import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { auditOf } from '../support/audit.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { invitation, orgRoleIn } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const KEYS = '/api/v1/orgs/current/service-keys';
const WORKSPACE_KEYS = '/api/v1/api-key';
const MEMBERS = '/api/v1/orgs/current/members';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp({ AUDIT_SEAL_SECONDS: '3600', CALLER_CACHE: 'off' }); // their statements would be counted
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

type Key = { id: string; key: string; short_key: string; description: string };
async function key(api: Api, wish: object = {}): Promise<Key> {
  const { status, body } = await api.post(KEYS, { workspaces: [org.workspaceId], ...wish });
  if (status !== 200) throw new Error(`making a key: ${status} ${JSON.stringify(body)}`);
  return body;
}
const lead = () => t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
const listed = async (id: string, path = KEYS) =>
  (await org.admin.api.get(path)).body.find((one: Key) => one.id === id);
const shown = ({ id, short_key, description }: Key) => ({ id, short_key, description });
const statusOf = async ({ key: secret }: Key) =>
  (await t.api.as({ key: secret, workspaceId: org.workspaceId }).get('/api/v1/workspaces/current/members'))
    .status;
const remove = (who: Pick<Member, 'membershipId'>, query = '', api = org.admin.api) =>
  api.delete(`${MEMBERS}/${who.membershipId}${query}`);

/** Makes a user a member of another organization and Admin of its workspace, too. */
const join = ({ orgId, workspaceId }: OrgWithAdmin, { userId }: Member) =>
  t.sql(
    `with member as (insert into org_memberships (id, org_id, user_id, role_id, source, created_via)
       values (gen_random_uuid(), $1, $3, $4, 'manual', 'unknown') returning user_id)
     insert into workspace_memberships (id, org_id, workspace_id, user_id, role_id, source, created_via)
     select gen_random_uuid(), $1, $2, user_id, $5, 'manual', 'unknown' from member`,
    [orgId, workspaceId, userId, role('ORGANIZATION_USER'), role('WORKSPACE_ADMIN')],
  );

it('lists who created a service key, at once, in every list and after a change', async () => {
  const maker = await lead();
  const by = { created_by: maker.email, created_by_ls_user_id: maker.userId };
  const made = await key(maker.api);
  const changed = await org.admin.api.patch(`${KEYS}/${made.id}`, { description: 'changed by an admin' });

  expect(made).toMatchObject(by);
  expect(changed.body).toMatchObject(by);
  expect(await listed(made.id)).toMatchObject(by);
  expect(await listed(made.id, WORKSPACE_KEYS)).toMatchObject(by);
  expect((await maker.api.post(WORKSPACE_KEYS)).body).toMatchObject(by);
  const { body: token } = await maker.api.post('/api/v1/orgs/current/personal-access-tokens', {});
  expect(token).toMatchObject(by);
});

it('lists a key that was created with another key under the creator of that other key', async () => {
  const maker = await lead();
  const first = await key(maker.api);
  const token = (await maker.api.post('/api/v1/orgs/current/personal-access-tokens', {})).body.key;

  const { body: second } = await t.api.as({ key: first.key }).post(WORKSPACE_KEYS);
  const { body: third } = await t.api.as({ key: second.key }).post(WORKSPACE_KEYS);
  const byToken = await key(t.api.as({ key: token, orgId: org.orgId }));

  for (const { id } of [second, third, byToken])
    expect(await listed(id)).toMatchObject({ created_by: maker.email, created_by_ls_user_id: maker.userId });
});

it('lists the service keys that a removed member created, and leaves them valid by default', async () => {
  const [maker, other] = [await lead(), await lead()];
  const older = await key(maker.api, { description: 'older' });
  const newer = await key(maker.api, { description: 'newer' });
  await key(other.api);
  await join(await t.fixtures.orgWithAdmin(), maker); // only its members see the address from now on

  expect(await remove(maker)).toMatchObject({
    status: 200,
    body: { created_service_keys: [shown(newer), shown(older)] },
  });
  expect([await statusOf(older), await statusOf(newer)]).toEqual([200, 200]);
  expect(await listed(older.id)).toMatchObject({ created_by: null, created_by_ls_user_id: maker.userId });
});

it('revokes the service keys that a removed member created when asked, with an audit entry for each', async () => {
  const [maker, other] = [await lead(), await lead()];
  const keys = [await key(maker.api), await key(maker.api)];
  const { body: child } = await t.api.as({ key: keys[0]!.key }).post(WORKSPACE_KEYS);
  const kept = await key(other.api);
  const ids: string[] = [child.id, ...keys.map(({ id }) => id)];

  const { status, body } = await remove(maker, '?revoke_created_keys=true');

  expect(status).toBe(200);
  expect(new Set(body.created_service_keys.map(({ id }: Key) => id))).toEqual(new Set(ids));
  for (const one of [...keys, child]) expect(await statusOf(one)).toBe(401);
  expect(await statusOf(kept)).toBe(200);
  const entries = await auditOf(t, org.orgId, ['delete_service_key', 'delete_org_member']);
  const { userId } = org.admin;
  expect(entries).toContainEqual(expect.objectContaining({ resourceIds: [maker.membershipId], userId }));
  for (const id of ids)
    expect(entries).toContainEqual(
      expect.objectContaining({
        operation: 'delete_service_key',
        resourceIds: [id],
        userId,
        succeeded: true,
      }),
    );
  expect(entries).not.toContainEqual(expect.objectContaining({ resourceIds: [kept.id] }));
});

it('revokes only keys of the organization that the member is removed from', async () => {
  const [maker, elsewhere] = [await lead(), await t.fixtures.orgWithAdmin()];
  await join(elsewhere, maker);
  const api = maker.api.as({ orgId: elsewhere.orgId, workspaceId: elsewhere.workspaceId });
  const { body: there } = await api.post(WORKSPACE_KEYS);

  expect((await remove(maker, '?revoke_created_keys=true')).body).toEqual({ created_service_keys: [] });
  const client = t.api.as({ key: there.key });
  expect((await client.get('/api/v1/workspaces/current/members')).status).toBe(200);
});

it('returns 409 and revokes no key when the last organization admin is to be removed', async () => {
  const alone = await t.fixtures.orgWithAdmin();
  const { body: made } = await alone.admin.api.post(KEYS, {});

  const reply = await remove(alone.admin, '?revoke_created_keys=true', alone.admin.api);

  expect(reply.status).toBe(409);
  expect((await t.api.as({ key: made.key, orgId: alone.orgId }).get('/api/v1/orgs/current')).status).toBe(
    200,
  );
  expect(await auditOf(t, alone.orgId, ['delete_service_key'])).toEqual([]);
});

it('returns 403 and changes nothing when an operator revokes keys that the operator could not delete', async () => {
  const operator = await t.fixtures.member(org, {
    org: 'ORGANIZATION_OPERATOR',
    workspace: 'WORKSPACE_USER',
  });
  const maker = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
  const [limited, wide] = [await key(maker.api), await key(maker.api, { workspaces: null })];
  const user = { role_id: role('ORGANIZATION_USER') };
  expect((await org.admin.api.patch(`${MEMBERS}/${maker.membershipId}`, user)).status).toBe(200);

  expect((await remove(maker, '?revoke_created_keys=true', operator.api)).status).toBe(403);
  expect(await orgRoleIn(t, org.orgId, maker.email)).toBe(role('ORGANIZATION_USER'));
  for (const { id } of [limited, wide]) expect(await listed(id)).toMatchObject({ created_by: maker.email });
  expect((await remove(maker, '', operator.api)).body.created_service_keys).toHaveLength(2);
});

it('lets an operator revoke the keys of a removed member in workspaces', async () => {
  const operator = await t.fixtures.member(org, {
    org: 'ORGANIZATION_OPERATOR',
    workspace: 'WORKSPACE_USER',
  });
  const maker = await lead();
  const made = await key(maker.api);

  expect((await remove(maker, '?revoke_created_keys=true', operator.api)).status).toBe(200);
  expect(await statusOf(made)).toBe(401);
});

it('sends as many statements for fifty keys as for two when they are revoked with their member', async () => {
  const cost = async (count: number) => {
    const maker = await lead();
    await Promise.all(Array.from({ length: count }, () => key(maker.api)));
    await remove(await lead(), '?revoke_created_keys=true'); // statements are prepared once for each connection
    const before = await t.statements();
    const { body } = await remove(maker, '?revoke_created_keys=true');
    expect(body.created_service_keys).toHaveLength(count);
    return (await t.statements()) - before;
  };

  expect(await cost(50)).toBe(await cost(2));
});

it('returns 422 for a query that is neither true nor false, and an empty list for an invitation', async () => {
  const maker = await lead();
  const invited = await invitation(org, { email: t.fixtures.email() });

  expect(await remove(maker, '?revoke_created_keys=maybe')).toMatchObject({
    status: 422,
    body: { detail: [{ loc: ['query', 'revoke_created_keys'] }] },
  });
  expect(await orgRoleIn(t, org.orgId, maker.email)).not.toBeNull();
  expect((await remove({ membershipId: invited }, '?revoke_created_keys=true')).body).toEqual({
    created_service_keys: [],
  });
});
