import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import type { Api } from '../support/api.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { orgRoleIn } from '../support/invitations.js';
import { GROUP, scimOf, scimOfOperator, userOf } from '../support/scim.js';
import { columnsContaining } from '../support/stored-text.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const TOKENS = '/v1/platform/orgs/current/scim/tokens';

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('a SCIM token', () => {
  it('a SCIM token is shown once in its published format and stored as a digest', async () => {
    const made = await org.admin.api.post(TOKENS, { description: 'Entra' });
    const { token, ...rest } = made.body;
    const listed = await org.admin.api.get(`/api/v1/platform/orgs/current/scim/tokens`);
    const read = await org.admin.api.get(`${TOKENS}/${rest.id}`);

    expect(made.status).toBe(201);
    expect(token).toMatch(/^lsv2_scim_[A-Za-z0-9_-]{43}$/);
    expect(rest).toEqual({
      id: expect.any(String),
      description: 'Entra',
      short_token: `${token.slice(0, 14)}...${token.slice(-4)}`,
      created_at: expect.any(String),
      updated_at: expect.any(String),
      created_by: org.admin.email,
      created_by_ls_user_id: org.admin.userId,
      created_with: { id: expect.any(String), kind: 'session' },
      exceeds_creator: false,
    });
    expect(read).toMatchObject({ status: 200, body: rest });
    expect(listed.body).toContainEqual(rest);
    expect(await columnsContaining(t.sql, token)).toEqual([]);
    expect(await columnsContaining(t.sql, token.slice(10))).toEqual([]);
  });

  it('a SCIM token is listed with the user and the credential that created it, also after both are gone', async () => {
    const ours = await t.fixtures.orgWithAdmin();
    const maker = await t.fixtures.member(ours, { org: 'ORGANIZATION_ADMIN' });
    const { body: key } = await maker.api.post('/api/v1/orgs/current/service-keys', {
      org_role_id: role('ORGANIZATION_ADMIN'),
    });
    const { body: pat } = await maker.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const clients = { session: maker.api, key: t.api.as({ key: key.key }), pat: t.api.as({ key: pat.key }) };
    const by = { created_by: maker.email, created_by_ls_user_id: maker.userId };
    const withKey = { ...by, created_with: { id: key.id, kind: 'service_key' } };
    const withPat = { ...by, created_with: { id: pat.id, kind: 'personal_access_token' } };
    const listed = async (id: string) =>
      (await ours.admin.api.get(TOKENS)).body.find((one: { id: string }) => one.id === id);

    const inSession = (await clients.session.post(TOKENS, {})).body;
    const ofKey = (await clients.key.post(TOKENS, {})).body;
    const ofPat = (await clients.pat.post(TOKENS, {})).body;

    expect(inSession).toMatchObject({
      ...by,
      created_with: { id: expect.any(String), kind: 'session' },
    });
    expect(ofKey).toMatchObject(withKey);
    expect(await listed(ofKey.id)).toMatchObject(withKey);
    expect(await listed(ofPat.id)).toMatchObject(withPat);

    await ours.admin.api.delete(`/api/v1/orgs/current/service-keys/${key.id}`);
    await ours.admin.api.delete(`/api/v1/orgs/current/members/${maker.membershipId}`);

    expect(await listed(ofKey.id)).toMatchObject({ ...withKey, created_by: null });
    expect(await listed(ofPat.id)).toMatchObject({ ...withPat, created_by: null });
    const { body: read } = await ours.admin.api.get(`${TOKENS}/${ofKey.id}`);
    expect(read).toMatchObject({ ...withKey, created_by: null });
  });

  it('a SCIM token is marked in lists while its creator may not do what it does', async () => {
    const ours = await t.fixtures.orgWithAdmin();
    const [maker, operator] = [
      await t.fixtures.member(ours, { org: 'ORGANIZATION_ADMIN' }),
      await t.fixtures.member(ours, { org: 'ORGANIZATION_OPERATOR' }),
    ];
    const make = async () => (await maker.api.as({ workspaceId: undefined }).post(TOKENS, {})).body.id;
    const ids: string[] = [await make(), await make(), await make(), await make()];
    const [, limited, unknown, expired] = ids;
    const ofOperator = 'update scim_tokens set makes_admins = false, created_by_user_id = $2 where id = $1';
    await t.sql(ofOperator, [limited, operator.userId]);
    await t.sql('update scim_tokens set created_by_user_id = null where id = $1', [unknown]);
    await t.sql(`update scim_tokens set expires_at = now() - interval '1 second' where id = $1`, [expired]);
    const marks = async () => {
      const { body } = await ours.admin.api.get(TOKENS);
      const byId = new Map(
        body.map((one: { id: string; exceeds_creator: boolean | null }) => [one.id, one.exceeds_creator]),
      );
      return ids.map((id) => byId.get(id));
    };
    const member = ({ membershipId }: { membershipId: string }) =>
      `/api/v1/orgs/current/members/${membershipId}`;
    expect(await marks()).toEqual([false, false, null, false]);

    await ours.admin.api.patch(member(maker), { role_id: role('ORGANIZATION_OPERATOR') });
    await ours.admin.api.patch(member(operator), { role_id: role('ORGANIZATION_USER') });
    expect(await marks()).toEqual([true, true, null, false]);

    await ours.admin.api.patch(member(maker), { role_id: role('ORGANIZATION_ADMIN') });
    expect(await marks()).toEqual([false, true, null, false]);
    await ours.admin.api.delete(member(maker));
    expect(await marks()).toEqual([true, true, null, false]);
  });

  it('a SCIM token has a description that can be changed, and no other mutable field', async () => {
    const { body: made } = await org.admin.api.post(TOKENS, {});

    const renamed = await org.admin.api.patch(`${TOKENS}/${made.id}`, {
      description: 'Okta',
      id: randomUUID(),
    });
    const unchanged = await org.admin.api.patch(`${TOKENS}/${made.id}`, {});

    expect(made.description).toBe('');
    expect(renamed).toMatchObject({ status: 200, body: { id: made.id, description: 'Okta' } });
    expect(unchanged.body).toEqual(renamed.body);
  });

  it('a SCIM token may have an expiry, which must be in the future', async () => {
    const ends = inAnHour();

    expect((await org.admin.api.post(TOKENS, { expires_at: ends })).body).toMatchObject({ expires_at: ends });
    expect((await org.admin.api.post(TOKENS, { expires_at: '2020-01-01T00:00:00Z' })).status).toBe(400);
    expect((await org.admin.api.post(TOKENS, { expires_at: 'tomorrow' })).status).toBe(400);
  });

  it('a SCIM token is refused from its expiry on', async () => {
    const scim = await scimOf(org.admin.api);
    const expire = (when: string) =>
      t.sql(
        `update scim_tokens set expires_at = now() + $1::interval
         where id = (select id from scim_tokens order by created_at desc limit 1)`,
        [when],
      );

    await expire('1 hour');
    expect((await scim.get('/Users')).status).toBe(200);
    await expire('-1 second');
    expect((await scim.get('/Users')).status).toBe(401);
  });

  it('a SCIM token returns 403 and changes nothing while its organization is disabled', async () => {
    const { admin, orgId } = await t.fixtures.orgWithAdmin();
    const scim = await scimOf(admin.api);
    const { id } = (await scim.post('/Users', userOf(t.fixtures.email()))).body;
    const email = t.fixtures.email();
    const disable = (isDisabled: boolean) =>
      t.sql('update organizations set is_disabled = $2 where id = $1', [orgId, isDisabled]);
    await disable(true);

    for (const refused of [
      await scim.get('/Users'),
      await scim.post('/Users', userOf(email)),
      await scim.delete(`/Users/${id}`),
    ])
      expect(refused).toMatchObject({ status: 403, body: { status: '403' } });
    expect(await t.sql('select from users where email = $1', [email])).toEqual([]);
    await disable(false);
    expect((await scim.get(`/Users/${id}`)).status).toBe(200);
  });

  it('a SCIM token is refused after deletion, and each of its changes has an audit entry', async () => {
    const { admin, orgId } = await t.fixtures.orgWithAdmin();
    const { id } = (await admin.api.post(TOKENS, { description: 'a' })).body;
    await admin.api.patch(`${TOKENS}/${id}`, { description: 'b' });

    expect((await admin.api.delete(`${TOKENS}/${id}`)).status).toBe(204);
    expect((await admin.api.delete(`${TOKENS}/${id}`)).status).toBe(404);
    expect((await admin.api.get(`${TOKENS}/${id}`)).status).toBe(404);
    expect((await admin.api.get(TOKENS)).body).toEqual([]);
    const operations = ['create_scim_token', 'update_scim_token', 'delete_scim_token'];
    expect(await auditOf(t, orgId, operations)).toMatchObject([
      { operation: 'create_scim_token', succeeded: true, resourceIds: [id] },
      { operation: 'update_scim_token', succeeded: true, resourceIds: [id] },
      { operation: 'delete_scim_token', succeeded: true, resourceIds: [id] },
      { operation: 'delete_scim_token', succeeded: false, responseStatus: 404 },
    ]);
  });

  it('a SCIM token is read by every member, but returns 403 when others than organization admins make, change or delete one', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const user = await t.fixtures.member(org, { org: 'ORGANIZATION_USER', workspace: 'WORKSPACE_ADMIN' });
    const keyWith = async (wish: object) => {
      const { body } = await org.admin.api.post('/api/v1/orgs/current/service-keys', wish);
      return t.api.as({ key: body.key });
    };
    const [ofAdmin, ofOperator, viewing] = [
      await keyWith({ org_role_id: role('ORGANIZATION_ADMIN') }),
      await keyWith({ org_role_id: role('ORGANIZATION_OPERATOR') }),
      await keyWith({ org_role_id: role('ORGANIZATION_ADMIN'), role_id: role('WORKSPACE_VIEWER') }),
    ];
    const { id } = (await org.admin.api.post(TOKENS, { description: 'Okta' })).body;

    for (const client of [operator.api, user.api, ofOperator, viewing]) {
      const replies = [
        await client.post(TOKENS, {}),
        await client.patch(`${TOKENS}/${id}`, { description: 'x' }),
        await client.delete(`${TOKENS}/${id}`),
      ];
      expect(replies.map(({ status }) => status)).toEqual([403, 403, 403]);
      expect(await client.get(`${TOKENS}/${id}`)).toMatchObject({
        status: 200,
        body: { description: 'Okta' },
      });
    }
    expect((await operator.api.post(TOKENS, {})).body).toEqual({
      error: 'SCIM tokens are managed by organization admins.',
    });
    expect((await ofAdmin.post(TOKENS, {})).status).toBe(201);
    expect((await ofAdmin.delete(`${TOKENS}/${id}`)).status).toBe(204);
  });

  it('returns 403 when a token of an operator creates or changes admins or other operators', async () => {
    const ours = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(ours, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_USER',
    });
    const user = await t.fixtures.member(ours, {});
    const limited = await scimOfOperator(t, ours, operator);
    const full = await scimOf(ours.admin.api);
    const recordOf = async (email: string) => (await full.post('/Users', userOf(email))).body.id as string;
    const [admin, known] = [await recordOf(ours.admin.email), await recordOf(user.email)];
    const admins = (...ids: string[]) => ({
      ...{ schemas: [GROUP], displayName: 'Organization Admins' },
      members: ids.map((value) => ({ value })),
    });
    const orgRoles = () =>
      t.sql('select user_id, role_id from org_memberships where org_id = $1 order by user_id', [ours.orgId]);
    const before = await orgRoles();

    const replies = [
      await limited.post('/Users', userOf(operator.email)),
      await limited.post('/Groups', admins(known)),
      await limited.patch(`/Users/${admin}`, [{ op: 'replace', path: 'active', value: false }]),
      await limited.delete(`/Users/${admin}`),
    ];
    const empty = await full.post('/Groups', admins());
    const added = await limited.patch(`/Groups/${empty.body.id}`, [
      { op: 'add', path: 'members', value: [{ value: known }] },
    ]);

    expect([...replies, added].map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    expect(replies[0]!.body.detail).toMatch(/created by an operator/);
    expect(await orgRoles()).toEqual(before);
    expect((await limited.post('/Users', userOf(t.fixtures.email()))).status).toBe(201);
    expect((await limited.delete(`/Users/${known}`)).status).toBe(204);
    expect((await full.delete(`/Groups/${empty.body.id}`)).status).toBe(204);
  });

  it('makes no admins for an operator, by a group name that gets a meaning later or by renaming', async () => {
    const ours = await t.fixtures.orgWithAdmin();
    const operator = await t.fixtures.member(ours, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const [one, two] = [await t.fixtures.member(ours, {}), await t.fixtures.member(ours, {})];
    const three = await t.fixtures.member(ours, {});
    const full = await scimOf(ours.admin.api);
    const recordOf = async (email: string) => (await full.post('/Users', userOf(email))).body.id as string;
    const group = async (displayName: string, { email }: { email: string }, isLimited: boolean) => {
      const members = [{ value: await recordOf(email) }];
      const { status, body } = await full.post('/Groups', { schemas: [GROUP], displayName, members });
      expect(status).toBe(201);
      await t.sql('update scim_groups set makes_admins = $2 where id = $1', [body.id, !isLimited]);
    };
    const colleague = await t.fixtures.member(ours, { org: 'ORGANIZATION_ADMIN' });
    await group('A&Organization Admins', one, true);
    await group('Organization User:Later:Viewer', colleague, true);
    await group('B&Organization Admins', two, false);
    await group('Organization Operator:Later:Viewer', three, false);
    const admins = async () =>
      (
        await t.sql<{ id: string }>(
          'select user_id as id from org_memberships where org_id = $1 and role_id = $2',
          [ours.orgId, role('ORGANIZATION_ADMIN')],
        )
      ).map(({ id }) => id);
    const separateBy = (api: Api, scim_group_name_separator: string) =>
      api.patch('/api/v1/orgs/current/info', { scim_group_name_separator });
    const before = await admins();

    expect((await operator.api.post('/api/v1/workspaces', { display_name: 'Later' })).status).toBe(200);
    expect((await separateBy(operator.api, '&')).status).toBe(403);
    expect(await orgRoleIn(t, ours.orgId, three.email)).toBe(role('ORGANIZATION_USER'));
    expect(await admins()).toEqual(expect.arrayContaining(before));
    expect(await admins()).toHaveLength(before.length);
    await separateBy(ours.admin.api, ':');
    await separateBy(ours.admin.api, '&');

    expect((await admins()).toSorted()).toEqual([...before, two.userId].toSorted());
  });

  it('returns 404 for a token of another organization with any method', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const { id } = (await org.admin.api.post(TOKENS, {})).body;

    expect((await other.admin.api.get(TOKENS)).body).toEqual([]);
    expect((await other.admin.api.get(`${TOKENS}/${id}`)).status).toBe(404);
    expect((await other.admin.api.patch(`${TOKENS}/${id}`, { description: 'x' })).status).toBe(404);
    expect((await other.admin.api.delete(`${TOKENS}/${id}`)).status).toBe(404);
    expect((await org.admin.api.get(`${TOKENS}/${id}`)).status).toBe(200);
  });

  it('authenticates on the SCIM endpoints only', async () => {
    const { token } = (await org.admin.api.post(TOKENS, {})).body;

    expect((await t.api.as({ token }).get('/api/v1/orgs/current')).status).toBe(401);
    expect((await t.api.as({ key: token }).get('/api/v1/orgs/current')).status).toBe(401);
    expect((await t.api.as({ token }).post(TOKENS, {})).status).toBe(401);
  });
});
