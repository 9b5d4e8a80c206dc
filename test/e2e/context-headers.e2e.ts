import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { role, type OrgWithAdmin } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const NOT_YOURS = (what: string) => ({
  status: 403,
  body: { detail: `This credential has no access to the named ${what}.` },
});

let t: TestApp;
let org: OrgWithAdmin;
let foreign: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
  foreign = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

const pat = async (api: Api, wish: object = {}) =>
  (await api.post('/api/v1/orgs/current/personal-access-tokens', wish)).body.key as string;
const serviceKey = async (wish: object) =>
  (await org.admin.api.post('/api/v1/orgs/current/service-keys', wish)).body.key as string;
const newWorkspace = async (display_name: string) =>
  (await org.admin.api.post('/api/v1/workspaces', { display_name })).body.id as string;

describe('the header X-Organization-Id', () => {
  it('acts in the caller’s oldest enabled organization if X-Organization-Id is absent', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const older = await t.fixtures.orgWithAdmin();
    await t.sql(
      `insert into org_memberships (id, org_id, user_id, role_id, source, created_via, created_at)
       values (gen_random_uuid(), $1, $2, $3, 'manual', 'unknown', now() - interval '1 year')`,
      [older.orgId, person.userId, role('ORGANIZATION_USER')],
    );
    const nowhere = person.api.as({ orgId: undefined, workspaceId: undefined });
    const current = async () => (await nowhere.get('/api/v1/orgs/current')).body.id;

    expect(await current()).toBe(older.orgId);
    await t.sql('update organizations set is_disabled = true where id = $1', [older.orgId]);
    expect(await current()).toBe(org.orgId);
  });

  it('responds alike for another organization and an unknown one, for every kind of credential', async () => {
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const clients = [
      org.admin.api.as({ workspaceId: undefined }),
      member.api.as({ workspaceId: undefined }),
      t.api.as({ key: await pat(org.admin.api) }),
      t.api.as({ key: await serviceKey({}) }),
      t.api.as({ key: await serviceKey({ workspaces: [org.workspaceId] }) }),
    ];

    for (const client of clients) {
      for (const orgId of [foreign.orgId, randomUUID()]) {
        for (const path of ['/api/v1/orgs/current', '/api/v1/workspaces/current/members'])
          expect(await client.as({ orgId }).get(path)).toMatchObject(NOT_YOURS('organization'));
      }
    }
  });

  it('selects among the organizations of the caller by X-Organization-Id', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    await t.fixtures.addMember(foreign, person, {});

    for (const { orgId } of [org, foreign]) {
      const reply = await person.api.as({ orgId, workspaceId: undefined }).get('/api/v1/orgs/current');
      expect(reply).toMatchObject({ status: 200, body: { id: orgId } });
    }
  });

  it('derives the organization from the key, or from the workspace that the request names', async () => {
    const key = await pat(org.admin.api);
    const person = await t.fixtures.member(foreign, { workspace: 'WORKSPACE_USER' });

    const byKey = await t.api.as({ key }).get('/api/v1/orgs/current');
    const byWorkspace = await person.api
      .as({ orgId: undefined, workspaceId: foreign.workspaceId })
      .get('/api/v1/workspaces/current/members');

    expect(byKey).toMatchObject({ status: 200, body: { id: org.orgId } });
    expect(byWorkspace).toMatchObject({ status: 200, body: { tenant_id: foreign.workspaceId } });
  });

  it('returns 422 for a malformed X-Organization-Id, and 401 if the caller is not authenticated', async () => {
    const known = await org.admin.api.as({ orgId: 'default' }).get('/api/v1/orgs/current');
    const unknown = await t.api.as({ orgId: 'default' }).get('/api/v1/orgs/current');

    expect(known).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['header', 'x-organization-id'], type: 'uuid_parsing' }] },
    });
    expect(unknown.status).toBe(401);
  });

  it('accepts X-Organization-Id and X-Tenant-Id in capital letters', async () => {
    const { orgId, workspaceId } = org;

    const reply = await org.admin.api
      .as({ orgId: orgId.toUpperCase(), workspaceId: workspaceId.toUpperCase() })
      .get('/api/v1/workspaces/current/members');

    expect(reply).toMatchObject({ status: 200, body: { tenant_id: workspaceId } });
  });

  it('ignores X-Organization-Id on routes without an access context', async () => {
    const reply = await org.admin.api.as({ orgId: foreign.orgId }).get('/api/v1/orgs?skip_create=true');

    expect(reply).toMatchObject({ status: 200, body: [{ id: org.orgId }] });
  });
});

describe('the header X-Tenant-Id', () => {
  it('responds alike for another organization’s workspace, one the caller is not in, and an unknown one', async () => {
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const elsewhere = await newWorkspace('Of others');
    const clients = [
      member.api,
      member.api.as({ orgId: undefined }),
      t.api.as({ key: await pat(member.api) }),
      t.api.as({ key: await serviceKey({ workspaces: [org.workspaceId] }) }),
    ];

    for (const client of clients) {
      for (const workspaceId of [foreign.workspaceId, elsewhere, randomUUID()]) {
        expect(await client.as({ workspaceId }).get('/api/v1/workspaces/current/members')).toMatchObject(
          NOT_YOURS('workspace'),
        );
      }
    }
  });

  it('refuses the workspace of one organization together with the id of another', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    await t.fixtures.addMember(foreign, person, {});

    const reply = await person.api
      .as({ orgId: foreign.orgId, workspaceId: org.workspaceId })
      .get('/api/v1/workspaces/current/members');

    expect(reply).toMatchObject(NOT_YOURS('workspace'));
  });

  it('accepts every workspace of the organization from an organization admin and their token', async () => {
    const workspaceId = await newWorkspace('Another of ours');
    const key = await pat(org.admin.api);

    for (const client of [org.admin.api, t.api.as({ key })]) {
      expect(await client.as({ workspaceId }).get('/api/v1/workspaces/current/members')).toMatchObject({
        status: 200,
        body: { tenant_id: workspaceId },
      });
    }
  });

  it('derives a missing workspace from the token’s default workspace, else takes the oldest one', async () => {
    const second = await newWorkspace('Second of two');
    const first = await pat(org.admin.api);
    const chosen = await pat(org.admin.api, { default_workspace_id: second });

    const tenantOf = async (key: string) =>
      (await t.api.as({ key }).get('/auth/public')).body.tenant_id as string;

    expect(await tenantOf(first)).toBe(org.workspaceId);
    expect(await tenantOf(chosen)).toBe(second);
  });

  it('derives a missing workspace from the workspaces of a limited key', async () => {
    const second = await newWorkspace('Second of a key');
    const workspaces = [org.workspaceId, second];
    const oldest = await serviceKey({ workspaces });
    const chosen = await serviceKey({ workspaces, default_workspace_id: second });

    const tenantOf = async (key: string) =>
      (await t.api.as({ key }).get('/auth/public')).body.tenant_id as string;

    expect(await tenantOf(oldest)).toBe(org.workspaceId);
    expect(await tenantOf(chosen)).toBe(second);
  });

  it('returns org_scoped_key_requires_workspace, which SDKs check, for a key of the whole organization', async () => {
    const client = t.api.as({ key: await serviceKey({}) });

    for (const path of ['/api/v1/workspaces/current/members', '/auth/public']) {
      const reply = await client.get(path);
      expect(reply).toMatchObject({ status: 403, body: { error: 'org_scoped_key_requires_workspace' } });
    }
    const named = await client.as({ workspaceId: org.workspaceId }).get('/api/v1/workspaces/current/members');
    expect(named.status).toBe(200);
  });

  it('returns 403 without org_scoped_key_requires_workspace for a key whose only workspace was deleted', async () => {
    const doomed = await newWorkspace('Doomed');
    const client = t.api.as({ key: await serviceKey({ workspaces: [doomed] }) });
    await org.admin.api.delete(`/api/v1/workspaces/${doomed}`);

    const { status, body } = await client.get('/api/v1/workspaces/current/members');

    expect({ status, body }).toEqual({
      status: 403,
      body: { detail: expect.stringMatching(/no workspace/) },
    });
  });

  it('returns 403 that names X-Tenant-Id to a member of no workspace', async () => {
    const person = await t.fixtures.member(org, {});

    const reply = await person.api.as({ workspaceId: undefined }).get('/api/v1/workspaces/current/members');

    expect(reply).toMatchObject({ status: 403, body: { detail: expect.stringContaining('X-Tenant-Id') } });
  });
});

describe('the endpoint GET /auth/public', () => {
  it('returns user, organization and workspace of a session', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });

    const reply = await person.api.get('/auth/public');

    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({
      user_id: person.userId,
      ls_user_id: person.userId,
      user_email: person.email,
      organization_id: org.orgId,
      tenant_id: org.workspaceId,
    });
  });

  it('returns no user for a service key', async () => {
    const key = await serviceKey({ workspaces: [org.workspaceId] });

    const reply = await t.api.as({ key }).get('/api/v1/auth/public');

    expect(reply.body).toEqual({ organization_id: org.orgId, tenant_id: org.workspaceId });
  });

  it('requires no permission for GET /auth/public, not even to read the workspace', async () => {
    const { body: narrow } = await org.admin.api.post('/api/v1/orgs/current/roles', {
      display_name: 'Tracer',
      description: '',
      permissions: ['runs:create'],
    });
    const person = await t.fixtures.member(org, { workspace: narrow.id });

    expect((await person.api.get('/api/v1/workspaces/current/members')).status).toBe(403);
    expect(await person.api.get('/auth/public')).toMatchObject({
      status: 200,
      body: { tenant_id: org.workspaceId },
    });
  });

  it('refuses GET /auth/public in the platform error format without a credential or a workspace', async () => {
    const person = await t.fixtures.member(org, {});

    expect(await t.api.get('/auth/public')).toMatchObject({ status: 401, body: { error: 'Invalid token' } });
    expect(await person.api.as({ workspaceId: undefined }).get('/auth/public')).toMatchObject({
      status: 403,
      body: { error: expect.any(String) },
    });
  });
});

describe('the credential of a request', () => {
  it('accepts a key in either header and in any letter case', async () => {
    const key = await pat(org.admin.api);
    const ways: Record<string, string>[] = [
      { 'X-API-KEY': key },
      { 'x-api-key': ` ${key} ` },
      { authorization: `bearer ${key}` },
    ];

    for (const headers of ways)
      expect((await t.api.get('/api/v1/orgs/current', { headers })).status).toBe(200);
  });

  it('returns 401 for an invalid X-API-Key even beside a valid session', async () => {
    const reply = await org.admin.api.as({ key: 'lsv2_pt_nonsense' }).get('/api/v1/orgs/current');

    expect(reply).toMatchObject({ status: 401, body: { detail: 'Invalid token' } });
  });

  it('ignores an invalid credential on a public route', async () => {
    const reply = await t.api.as({ key: 'nonsense', token: 'nonsense' }).get('/api/v1/info');

    expect(reply.status).toBe(200);
  });

  it('applies the role of the workspace in the path, whichever workspace the header names', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const second = await newWorkspace('Read only');
    await org.admin.api.as({ workspaceId: second }).post('/api/v1/workspaces/current/members', {
      org_identity_id: person.membershipId,
      role_id: role('WORKSPACE_VIEWER'),
    });

    const rename = (id: string, headerId: string) =>
      person.api.as({ workspaceId: headerId }).patch(`/api/v1/workspaces/${id}`, { display_name: 'Renamed' });

    expect((await rename(second, org.workspaceId)).status).toBe(403); // the path wins over the header
    expect((await rename(org.workspaceId, second)).status).toBe(200);
  });
});
