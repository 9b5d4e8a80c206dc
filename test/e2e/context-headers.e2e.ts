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

describe('X-Organization-Id', () => {
  it('left out, is that of the oldest organization that is not disabled', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const older = await t.fixtures.orgWithAdmin();
    await t.sql(
      `insert into org_memberships (id, org_id, user_id, role_id, source, created_at)
       values (gen_random_uuid(), $1, $2, $3, 'manual', now() - interval '1 year')`,
      [older.orgId, person.userId, role('ORGANIZATION_USER')],
    );
    const nowhere = person.api.as({ orgId: undefined, workspaceId: undefined });
    const current = async () => (await nowhere.get('/api/v1/orgs/current')).body.id;

    expect(await current()).toBe(older.orgId);
    await t.sql('update organizations set is_disabled = true where id = $1', [older.orgId]);
    expect(await current()).toBe(org.orgId);
  });

  it('of another organization and of none get one answer, for every kind of credential', async () => {
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

  it('chooses among the organizations of a person', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    await t.fixtures.addMember(foreign, person, {});

    for (const { orgId } of [org, foreign]) {
      const reply = await person.api.as({ orgId, workspaceId: undefined }).get('/api/v1/orgs/current');
      expect(reply).toMatchObject({ status: 200, body: { id: orgId } });
    }
  });

  it('is derived from a key, and from the workspace that is named', async () => {
    const key = await pat(org.admin.api);
    const person = await t.fixtures.member(foreign, { workspace: 'WORKSPACE_USER' });

    const byKey = await t.api.as({ key }).get('/api/v1/orgs/current');
    const byWorkspace = await person.api
      .as({ orgId: undefined, workspaceId: foreign.workspaceId })
      .get('/api/v1/workspaces/current/members');

    expect(byKey).toMatchObject({ status: 200, body: { id: org.orgId } });
    expect(byWorkspace).toMatchObject({ status: 200, body: { tenant_id: foreign.workspaceId } });
  });

  it('that is no id is malformed, but only for somebody who is known', async () => {
    const known = await org.admin.api.as({ orgId: 'default' }).get('/api/v1/orgs/current');
    const unknown = await t.api.as({ orgId: 'default' }).get('/api/v1/orgs/current');

    expect(known).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['header', 'x-organization-id'], type: 'uuid_parsing' }] },
    });
    expect(unknown.status).toBe(401);
  });

  it('and X-Tenant-Id may be written in capitals', async () => {
    const { orgId, workspaceId } = org;

    const reply = await org.admin.api
      .as({ orgId: orgId.toUpperCase(), workspaceId: workspaceId.toUpperCase() })
      .get('/api/v1/workspaces/current/members');

    expect(reply).toMatchObject({ status: 200, body: { tenant_id: workspaceId } });
  });

  it('chooses nothing on routes that have no context', async () => {
    const reply = await org.admin.api.as({ orgId: foreign.orgId }).get('/api/v1/orgs?skip_create=true');

    expect(reply).toMatchObject({ status: 200, body: [{ id: org.orgId }] });
  });
});

describe('X-Tenant-Id', () => {
  it('of another organization, of a workspace one is not in, and of none get one answer', async () => {
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const elsewhere = await newWorkspace('Not his');
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

  it('does not lend the workspace of one organization to a member of another', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    await t.fixtures.addMember(foreign, person, {});

    const reply = await person.api
      .as({ orgId: foreign.orgId, workspaceId: org.workspaceId })
      .get('/api/v1/workspaces/current/members');

    expect(reply).toMatchObject(NOT_YOURS('workspace'));
  });

  it('opens every workspace to an organization admin, and to his token', async () => {
    const workspaceId = await newWorkspace('Another of ours');
    const key = await pat(org.admin.api);

    for (const client of [org.admin.api, t.api.as({ key })]) {
      expect(await client.as({ workspaceId }).get('/api/v1/workspaces/current/members')).toMatchObject({
        status: 200,
        body: { tenant_id: workspaceId },
      });
    }
  });

  it('is derived when it is missing: the default workspace of a token, else the oldest one', async () => {
    const second = await newWorkspace('Second of two');
    const first = await pat(org.admin.api);
    const chosen = await pat(org.admin.api, { default_workspace_id: second });

    const tenantOf = async (key: string) =>
      (await t.api.as({ key }).get('/auth/public')).body.tenant_id as string;

    expect(await tenantOf(first)).toBe(org.workspaceId);
    expect(await tenantOf(chosen)).toBe(second);
  });

  it('is derived from the scope of a key that is limited to workspaces', async () => {
    const second = await newWorkspace('Second of a key');
    const workspaces = [org.workspaceId, second];
    const oldest = await serviceKey({ workspaces });
    const chosen = await serviceKey({ workspaces, default_workspace_id: second });

    const tenantOf = async (key: string) =>
      (await t.api.as({ key }).get('/auth/public')).body.tenant_id as string;

    expect(await tenantOf(oldest)).toBe(org.workspaceId);
    expect(await tenantOf(chosen)).toBe(second);
  });

  it('must be named with a key for the whole organization: SDKs know this very answer', async () => {
    const client = t.api.as({ key: await serviceKey({}) });

    for (const path of ['/api/v1/workspaces/current/members', '/auth/public']) {
      const reply = await client.get(path);
      expect(reply).toMatchObject({ status: 403, body: { error: 'org_scoped_key_requires_workspace' } });
    }
    const named = await client.as({ workspaceId: org.workspaceId }).get('/api/v1/workspaces/current/members');
    expect(named.status).toBe(200);
  });

  it('is not what a key lacks whose only workspace was deleted: it is none for the whole organization', async () => {
    const doomed = await newWorkspace('Doomed');
    const client = t.api.as({ key: await serviceKey({ workspaces: [doomed] }) });
    await org.admin.api.delete(`/api/v1/workspaces/${doomed}`);

    const { status, body } = await client.get('/api/v1/workspaces/current/members');

    expect({ status, body }).toEqual({
      status: 403,
      body: { detail: expect.stringMatching(/no workspace/) },
    });
  });

  it('cannot be derived for somebody who is in no workspace', async () => {
    const person = await t.fixtures.member(org, {});

    const reply = await person.api.as({ workspaceId: undefined }).get('/api/v1/workspaces/current/members');

    expect(reply).toMatchObject({ status: 403, body: { detail: expect.stringContaining('X-Tenant-Id') } });
  });
});

describe('GET /auth/public', () => {
  it('says whose session it is and where it acts', async () => {
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

  it('leaves out the person where a key acts for itself', async () => {
    const key = await serviceKey({ workspaces: [org.workspaceId] });

    const reply = await t.api.as({ key }).get('/api/v1/auth/public');

    expect(reply.body).toEqual({ organization_id: org.orgId, tenant_id: org.workspaceId });
  });

  it('asks for no permission: a role that cannot even read the workspace is answered', async () => {
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

  it('is refused in the words of its family without a credential and without a workspace', async () => {
    const person = await t.fixtures.member(org, {});

    expect(await t.api.get('/auth/public')).toMatchObject({ status: 401, body: { error: 'Invalid token' } });
    expect(await person.api.as({ workspaceId: undefined }).get('/auth/public')).toMatchObject({
      status: 403,
      body: { error: expect.any(String) },
    });
  });
});

describe('a credential', () => {
  it('may be a key in either header, in any letter case', async () => {
    const key = await pat(org.admin.api);
    const ways: Record<string, string>[] = [
      { 'X-API-KEY': key },
      { 'x-api-key': ` ${key} ` },
      { authorization: `bearer ${key}` },
    ];

    for (const headers of ways)
      expect((await t.api.get('/api/v1/orgs/current', { headers })).status).toBe(200);
  });

  it('in X-API-Key decides, and a bad one is not mended by a good session beside it', async () => {
    const reply = await org.admin.api.as({ key: 'lsv2_pt_nonsense' }).get('/api/v1/orgs/current');

    expect(reply).toMatchObject({ status: 401, body: { detail: 'Invalid token' } });
  });

  it('that is bad harms nobody on a public route', async () => {
    const reply = await t.api.as({ key: 'nonsense', token: 'nonsense' }).get('/api/v1/info');

    expect(reply.status).toBe(200);
  });

  it('of a role in one workspace is nothing in another', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const second = await newWorkspace('Where he only reads');
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
