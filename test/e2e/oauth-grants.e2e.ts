import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { until } from '../support/audit-log.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { artifactOf, clientOf, type Grant, grantOf, WITH_APPLICATIONS } from '../support/grants.js';
import { anotherWorkspace } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ORG = '/api/v1/orgs/current';
const INFO = `${ORG}/info`;
const WHOAMI = '/api/v1/auth/public';
const WORKSPACES = '/api/v1/workspaces';
const WORKSPACE_MEMBERS = `${WORKSPACES}/current/members`;
const INVALID = { status: 401, body: { detail: 'Invalid token' } };

let t: TestApp;
/** Other servers on the same database: one caches nothing, the other has no authorization server. */
let uncached: TestApp;
let switchedOff: TestApp;
let org: OrgWithAdmin;
let member: Member;
let grant: Grant;
beforeAll(async () => {
  t = await startTestApp(WITH_APPLICATIONS);
  uncached = await startTestApp({ ...WITH_APPLICATIONS, CALLER_CACHE: 'off' }, t.databaseUrl);
  switchedOff = await startTestApp({}, t.databaseUrl);
  org = await t.fixtures.orgWithAdmin();
});
beforeEach(async () => {
  member = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
  grant = await grantOf(t.sql, org, member);
});
afterAll(async () => {
  await Promise.all([uncached.close(), switchedOff.close()]);
  await t.close();
});

const statusOf = async (api: Api, path = INFO) => (await api.get(path)).status;
const update = (what: string) => t.sql(`update oauth_grants set ${what} where id = $1`, [grant.id]);

describe('an access token', () => {
  it('acts as the person in the organization and workspace of the grant', async () => {
    const { orgId: organization_id, workspaceId: tenant_id } = org;

    expect(await grant.api.get(WHOAMI)).toMatchObject({
      status: 200,
      body: { organization_id, tenant_id, user_email: member.email },
    });
  });

  it('acts in the oldest workspace of the person when the grant has none, or one that they have left', async () => {
    const other = await anotherWorkspace(org);
    await update('default_workspace_id = null');
    expect((await grant.api.get(WHOAMI)).body.tenant_id).toBe(org.workspaceId);
    await t.sql('update oauth_grants set default_workspace_id = $2 where id = $1', [grant.id, other]);

    expect((await grant.api.get(WHOAMI)).body.tenant_id).toBe(org.workspaceId);
  });

  it('has the rights that the person has at the request', async () => {
    const path = `${ORG}/members/${member.membershipId}`;
    expect(await statusOf(grant.api, `${ORG}/credentials`)).toBe(403);
    await org.admin.api.patch(path, { role_id: role('ORGANIZATION_ADMIN') });
    expect(await statusOf(grant.api, `${ORG}/credentials`)).toBe(200);
    await org.admin.api.patch(path, { role_id: role('ORGANIZATION_USER') });

    expect(await statusOf(grant.api, `${ORG}/credentials`)).toBe(403);
  });

  it('is refused in another organization of the person, and in a workspace of that', async () => {
    const other = await t.fixtures.orgWithAdmin();
    await t.fixtures.addMember(other, member, { workspace: 'WORKSPACE_ADMIN' });

    for (const named of [{ orgId: other.orgId }, { workspaceId: other.workspaceId }])
      expect(await grant.api.as(named).get(WORKSPACE_MEMBERS)).toMatchObject({ status: 403 });
    expect(await statusOf(grant.api.as({ orgId: org.orgId }))).toBe(200);
  });

  it('counts as the bearer token only', async () => {
    const { token } = grant;
    const bare = grant.api.as({ token: '' });
    const cookie = { value: `tenantry_session=${token}`, origin: t.url };

    for (const api of [bare.as({ key: token }), bare.as({ cookie })])
      expect(await api.get(INFO)).toMatchObject({ status: 401 });
    expect(await bare.get(`${INFO}?access_token=${token}`)).toMatchObject({ status: 401 });
    expect(await bare.post(WORKSPACES, { access_token: token })).toMatchObject({ status: 401 });
  });

  it.each(['RefreshToken', 'AuthorizationCode'] as const)(
    'is not accepted where it is a %s',
    async (kind) => {
      expect(await grant.api.as({ token: await artifactOf(t.sql, grant, kind) }).get(INFO)).toMatchObject(
        INVALID,
      );
    },
  );

  it('is not known to a server without the authorization server', async () => {
    expect(await grant.api.at(switchedOff.url).get(INFO)).toMatchObject(INVALID);
  });

  it('is limited to addresses of the allowlist of the organization', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const { api } = await grantOf(t.sql, other, other.admin);
    expect(await statusOf(api)).toBe(200);
    await t.sql(`update organizations set ip_allowlist = '{192.0.2.0/24}' where id = $1`, [other.orgId]);

    expect((await api.get(INFO)).headers.get('x-error-code')).toBe('address_not_allowed');
  });

  it('notes the last use of the grant', async () => {
    await grant.api.get(INFO);
    await until(async () => {
      const [row] = await t.sql('select last_used_at from oauth_grants where id = $1', [grant.id]);
      return row?.['last_used_at'] !== null;
    });
  });
});

describe('GET and DELETE /v1/platform/oauth/authorized-apps', () => {
  const APPS = '/v1/platform/oauth/authorized-apps';
  const DOCUMENT = 'https://client.example/metadata.json';
  let other: OrgWithAdmin;
  let second: Grant;

  beforeEach(async () => {
    other = await t.fixtures.orgWithAdmin();
    await t.fixtures.addMember(other, member, { workspace: 'WORKSPACE_ADMIN' });
    second = await grantOf(t.sql, { orgId: other.orgId }, member, DOCUMENT);
  });

  const clientsSeenBy = async (api: Api) =>
    (await api.get(APPS)).body.map((app: { client_id: string }) => app.client_id);

  it('lists the grants of the person in all organizations, the newest approval first', async () => {
    const { status, body } = await member.api.get(APPS);

    const common = { authorized_at: expect.any(String), expires_at: expect.any(String), scopes: ['openid'] };
    const claims = (id: string) => ({
      client_id: id,
      client_name: `${id} (name)`,
      client_uri: 'https://client.example',
    });
    expect(status).toBe(200);
    expect(body).toEqual([
      { ...common, ...claims(DOCUMENT), organization_id: other.orgId, organization_name: expect.any(String) },
      {
        ...common,
        ...claims('langsmith-cli'),
        organization_id: org.orgId,
        organization_name: expect.any(String),
        workspace_id: org.workspaceId,
      },
    ]);
    expect(await clientsSeenBy(org.admin.api)).toEqual([]);
  });

  it('lists to tokens and applications the grants of their organization, and none to service keys', async () => {
    const { key } = (await member.api.as({ orgId: org.orgId }).post(`${ORG}/personal-access-tokens`, {}))
      .body;
    const service = await org.admin.api.post(`${ORG}/service-keys`, {
      description: 'Reads',
      read_only: true,
    });

    expect(await clientsSeenBy(member.api.as({ token: '', key }))).toEqual(['langsmith-cli']);
    expect(await clientsSeenBy(second.api)).toEqual([DOCUMENT]);
    expect(await clientsSeenBy(member.api.as({ token: '', key: service.body.key }))).toEqual([]);
  });

  it.each([
    ['in the path', `${APPS}/${encodeURIComponent(DOCUMENT)}`],
    ['in the query', `${APPS}?client_id=${encodeURIComponent(DOCUMENT)}`],
  ])('ends the grants of the application that is named %s, once, with an audit entry', async (_, path) => {
    expect((await member.api.delete(path)).status).toBe(204);

    expect(await statusOf(second.api)).toBe(401);
    expect(await statusOf(grant.api)).toBe(200);
    expect(await clientsSeenBy(member.api)).toEqual(['langsmith-cli']);
    const again = await member.api.delete(path);
    expect([again.status, again.headers.get('x-error-code')]).toEqual([404, 'application_not_authorized']);
    const entries = await t.sql(
      `select org_id, user_id, details - 'request_id' as details from audit_entries where operation = 'revoke_oauth_grant' and $1 = any(resource_ids)`,
      [second.id],
    );
    expect(entries).toEqual([
      { org_id: other.orgId, user_id: member.userId, details: { client_id: DOCUMENT } },
    ]);
  });

  it('ends the grant in one organization only if that is named, and none where a token may not act', async () => {
    const elsewhere = await grantOf(t.sql, { orgId: other.orgId }, member);
    const path = `${APPS}/langsmith-cli?organization_id=`;

    expect((await grant.api.delete(`${path}${other.orgId}`)).status).toBe(404);
    expect(await statusOf(elsewhere.api)).toBe(200);
    expect((await member.api.delete(`${path}${other.orgId}`)).status).toBe(204);
    expect([await statusOf(elsewhere.api), await statusOf(grant.api)]).toEqual([401, 200]);
  });
});

describe('an access token, cached and not,', () => {
  const ends: [what: string, end: () => Promise<unknown>][] = [
    ['the grant is deleted', () => t.sql('delete from oauth_grants where id = $1', [grant.id])],
    ['the grant expires', () => update('expires_at = now()')],
    ['the token is deleted', () => t.sql('delete from oauth_artifacts where grant_id = $1', [grant.id])],
    [
      'the token expires',
      () => t.sql('update oauth_artifacts set expires_at = now() where grant_id = $1', [grant.id]),
    ],
    ['the person is removed', () => org.admin.api.delete(`${ORG}/members/${member.membershipId}`)],
    [
      'the membership ends',
      () =>
        t.sql('update org_memberships set access_expires_at = now() where id = $1', [member.membershipId]),
    ],
    [
      'the client is disabled',
      () => t.sql('update oauth_clients set is_disabled = true where client_id = $1', [grant.clientId]),
    ],
    [
      'the client is deleted',
      () => t.sql('delete from oauth_clients where client_id = $1', [grant.clientId]),
    ],
  ];

  it.each(ends)('is invalid when %s', async (_, end) => {
    grant = await grantOf(t.sql, org, member, `oc_${member.userId}`);
    await clientOf(t.sql, org, grant);
    const at = [grant.api, grant.api.at(uncached.url)];
    for (const api of at) expect(await statusOf(api)).toBe(200);
    await end();

    for (const api of at) expect(await statusOf(api)).toBe(401);
  });

  it('is invalid while the member is disabled', async () => {
    await t.sql('update org_memberships set is_disabled = true where id = $1', [member.membershipId]);
    expect(await statusOf(grant.api)).toBe(401);
    await t.sql('update org_memberships set is_disabled = false where id = $1', [member.membershipId]);

    expect(await statusOf(grant.api)).toBe(200);
  });
});
