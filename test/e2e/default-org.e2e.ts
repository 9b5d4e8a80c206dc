import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import type { SystemRoleName } from '../../src/modules/roles/index.js';
import { type Member, type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const SET_DEFAULT = '/api/v1/orgs/current/set-default-sso-provision';
const OPERATION = 'update_default_sso_provision_organization';

/** The current default organization; the bootstrapped admin is an admin of all that were the default. */
async function presentDefault(): Promise<OrgWithAdmin> {
  const [place] = await t.sql<{ orgId: string; workspaceId: string }>(
    `select o.id as "orgId", w.id as "workspaceId" from organizations o join workspaces w on w.org_id = o.id
     where o.is_default`,
  );
  const { admin } = await t.fixtures.defaultOrg();
  return { ...place!, admin: { ...admin, api: admin.api.as(place!) } };
}

/** Adds the user to another organization by SQL, since basic auth would require an invitation and its acceptance. */
async function join(person: Person, org: OrgWithAdmin, orgRole: SystemRoleName): Promise<Member> {
  const [membership] = await t.sql<{ id: string }>(
    `insert into org_memberships (id, org_id, user_id, role_id, source, created_via)
     values (gen_random_uuid(), $1, $2, $3, 'manual', 'unknown') returning id`,
    [org.orgId, person.userId, role(orgRole)],
  );
  const { orgId, workspaceId } = org;
  return { ...person, membershipId: membership!.id, api: person.api.as({ orgId, workspaceId }) };
}

/** Another organization, with the bootstrapped admin as an admin of it too. */
async function shared(): Promise<OrgWithAdmin> {
  const org = await t.fixtures.orgWithAdmin();
  const { admin } = await t.fixtures.defaultOrg();
  return { ...org, admin: await join(admin, org, 'ORGANIZATION_ADMIN') };
}

const defaults = async () =>
  (await t.sql<{ id: string }>('select id from organizations where is_default')).map(({ id }) => id);

it('moves the default for an admin of both organizations and moves no member', async () => {
  const [old, target] = [await presentDefault(), await shared()];
  const members = await t.sql('select id, org_id from org_memberships order by id');
  const reply = await target.admin.api.post(SET_DEFAULT);
  expect(reply).toMatchObject({ status: 200, body: { organization_id: target.orgId } });
  expect(await defaults()).toEqual([target.orgId]);
  expect((await target.admin.api.get('/api/v1/orgs/current')).body.default_sso_provision).toBe(true);
  expect((await old.admin.api.get('/api/v1/orgs/current')).body.default_sso_provision).toBe(false);
  expect(await t.sql('select id, org_id from org_memberships order by id')).toEqual(members);
});

it('changes and records nothing when the organization is already the default', async () => {
  const present = await presentDefault();
  const before = await auditOf(t, present.orgId, [OPERATION]);
  expect((await present.admin.api.post(SET_DEFAULT)).status).toBe(200);
  expect(await defaults()).toEqual([present.orgId]);
  expect(await auditOf(t, present.orgId, [OPERATION])).toEqual(before);
});

it('records the change of the default in the audit logs of both organizations', async () => {
  const [old, target] = [await presentDefault(), await shared()];
  await target.admin.api.post(SET_DEFAULT);
  const entry = { userId: target.admin.userId, succeeded: true, resourceIds: [target.orgId, old.orgId] };
  const [inOld, inTarget] = [
    (await auditOf(t, old.orgId, [OPERATION])).at(-1),
    (await auditOf(t, target.orgId, [OPERATION])).at(-1),
  ];
  expect(inOld).toMatchObject({ ...entry, workspaceId: null });
  expect(inTarget).toMatchObject({ ...entry, workspaceId: target.workspaceId });
});

it('accepts a personal access token of an admin of both organizations', async () => {
  const target = await shared();
  const { body } = await target.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
  expect((await t.api.as({ key: body.key }).post(SET_DEFAULT)).status).toBe(200);
  expect(await defaults()).toEqual([target.orgId]);
});

it.each(['current default', 'target'])(
  'returns 403 for an admin of only the %s organization',
  async (adminIn) => {
    const [present, target] = [await presentDefault(), await t.fixtures.orgWithAdmin()];
    const ofPresent = adminIn === 'current default';
    const person = await t.fixtures.member(present, {
      org: ofPresent ? 'ORGANIZATION_ADMIN' : 'ORGANIZATION_OPERATOR',
    });
    const { api } = await join(person, target, ofPresent ? 'ORGANIZATION_OPERATOR' : 'ORGANIZATION_ADMIN');
    const reply = await api.as({ workspaceId: '' }).post(SET_DEFAULT);
    expect(reply.status).toBe(403);
    expect(reply.body.detail).toMatch(/Organization Admin of both this organization and the current default/);
    expect(await defaults()).toEqual([present.orgId]);
  },
);

it('returns 403 for an admin who is not a member of the default organization', async () => {
  const [present, target] = [await presentDefault(), await t.fixtures.orgWithAdmin()];
  expect((await target.admin.api.post(SET_DEFAULT)).status).toBe(403);
  expect(await defaults()).toEqual([present.orgId]);
});

it('refuses members without the permission and requests without a credential, and records it', async () => {
  const present = await presentDefault();
  const member = await t.fixtures.member(present, { workspace: 'WORKSPACE_ADMIN' });
  expect((await member.api.post(SET_DEFAULT)).status).toBe(403);
  expect((await t.api.post(SET_DEFAULT)).status).toBe(401);
  expect((await auditOf(t, present.orgId, [OPERATION])).at(-1)).toMatchObject({
    succeeded: false,
    userId: member.userId,
    responseStatus: 403,
  });
});

it('returns 403 for a disabled admin of the default organization', async () => {
  const [present, target] = [await presentDefault(), await t.fixtures.orgWithAdmin()];
  const { membershipId } = await join(target.admin, present, 'ORGANIZATION_ADMIN');
  await t.sql('update org_memberships set is_disabled = true where id = $1', [membershipId]);
  expect((await target.admin.api.post(SET_DEFAULT)).status).toBe(403);
  expect(await defaults()).toEqual([present.orgId]);
});

it('returns 403 for a service key, whatever its role', async () => {
  const present = await presentDefault();
  const { body } = await present.admin.api.post('/api/v1/orgs/current/service-keys', {
    description: 'machine',
    org_role_id: role('ORGANIZATION_ADMIN'),
  });
  const reply = await t.api.as({ key: body.key }).post(SET_DEFAULT);
  expect(reply.status).toBe(403);
  expect(reply.body.detail).toMatch(/Only an Organization Admin of both/);
});

it('returns 403 when a personal organization is to become the default', async () => {
  const present = await presentDefault();
  const { orgId, admin } = await t.fixtures.orgWithAdmin();
  await join(admin, present, 'ORGANIZATION_ADMIN');
  await t.sql('update organizations set is_personal = true where id = $1', [orgId]);
  const reply = await admin.api.as({ orgId, workspaceId: '' }).post(SET_DEFAULT);
  expect(reply.status).toBe(403);
  expect(reply.body.detail).toMatch(/personal organization/);
  expect(await defaults()).toEqual([present.orgId]);
});

it('leaves exactly one default when several requests move it at once', async () => {
  const targets = [await shared(), await shared(), await shared()];
  for (let round = 0; round < 5; round += 1) {
    const replies = await Promise.all(
      [...targets, ...targets].map(({ admin }) => admin.api.post(SET_DEFAULT)),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(await defaults()).toHaveLength(1);
  }
});

it('checks the second of two changes against the default that the first has set', async () => {
  const [present, newDefault] = [await presentDefault(), await shared()];
  const mine = await t.fixtures.orgWithAdmin();
  await join(mine.admin, present, 'ORGANIZATION_ADMIN');
  await newDefault.admin.api.post(SET_DEFAULT);
  expect((await mine.admin.api.post(SET_DEFAULT)).status).toBe(403);
  expect(await defaults()).toEqual([newDefault.orgId]);
});
