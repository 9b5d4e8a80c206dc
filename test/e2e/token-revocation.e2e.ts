import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { onOwnConnection } from '../support/audit-log.js';
import type { Api } from '../support/api.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { anotherWorkspace } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { addTo, EDITOR, grantTo, userGroup } from '../support/user-groups.js';
import { untilOthersWait, waitForBlockedQuery } from '../support/waiting-for-locks.js';

const TOKENS = '/api/v1/orgs/current/personal-access-tokens';
const ALL = '/api/v1/orgs/current/members/personal-access-tokens';
const KEYS = '/api/v1/orgs/current/service-keys';
const ORG = '/api/v1/orgs/current';
const INVALID = { status: 401, body: { detail: 'Invalid token' } };
const EXPIRES = '2099-01-01T00:00:00.000Z';

let t: TestApp;
/** Another server on the same database. */
let replica: TestApp;
let org: OrgWithAdmin;
let owner: Member;
let peer: Member;
beforeAll(async () => {
  t = await startTestApp();
  replica = await startTestApp({}, t.databaseUrl);
  org = await t.fixtures.orgWithAdmin();
  peer = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
});
beforeEach(async () => {
  owner = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
});
afterAll(async () => {
  await replica.close();
  await t.close();
});

type Token = { id: string; key: string };
const create = async (api: Api, wish: object = {}): Promise<Token> => {
  const { status, body } = await api.post(TOKENS, wish);
  expect(status).toBe(200);
  return body;
};
const revoke = (api: Api, { id }: { id: string }) => api.post(`${TOKENS}/${id}/revocation`);
const reinstate = (api: Api, { id }: { id: string }) => api.delete(`${TOKENS}/${id}/revocation`);
const by = ({ key }: Token, server = t) => server.api.as({ key });
const worksOn = async (token: Token, server = t) => (await by(token, server).get(ORG)).status === 200;
const idsOf = (body: { id: string }[]) => body.map(({ id }) => id);
const NOT_FOUND = {
  status: 404,
  body: { type: 'about:blank', title: 'Not Found', status: 404, detail: 'There is no such key here.' },
};

const entriesOf = (operation: string, { id }: Token) =>
  t.sql(
    `select user_id as "by", resource_ids as ids, details ->> 'resource_owner_ls_user_id' as owner
     from audit_entries where operation = $1 and $2 = any(resource_ids) and succeeded order by created_at`,
    [operation, id],
  );

describe('revoking a personal access token', () => {
  it('ends the token at the next request on every server and keeps its row and its expiry', async () => {
    const token = await create(owner.api, { description: 'Laptop', expires_at: EXPIRES });
    expect([await worksOn(token), await worksOn(token, replica)]).toEqual([true, true]);

    const { status, body } = await revoke(owner.api, token);

    for (const server of [t, replica]) expect(await by(token, server).get(ORG)).toMatchObject(INVALID);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: token.id, description: 'Laptop', expires_at: EXPIRES });
    expect(body.revoked_at).toMatch(/^\d{4}-.*Z$/);
    expect((await owner.api.get(TOKENS)).body).toEqual([body]);
  });

  it('returns the same again, and reinstating lets the token work again and shows no revocation', async () => {
    const token = await create(owner.api);
    const first = await revoke(owner.api, token);
    const second = await revoke(owner.api, token);

    const lifted = await reinstate(owner.api, token);

    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(lifted).toMatchObject({ status: 204, body: '' });
    expect([await worksOn(token), await worksOn(token, replica)]).toEqual([true, true]);
    expect((await owner.api.get(TOKENS)).body).toMatchObject([{ id: token.id, revoked_at: null }]);
    expect((await reinstate(owner.api, token)).status).toBe(204);
  });

  it('leaves a token expired that expired while it was revoked', async () => {
    const token = await create(owner.api, { expires_at: EXPIRES });
    await revoke(owner.api, token);
    await t.sql(`update api_keys set expires_at = now() - interval '1 minute' where id = $1`, [token.id]);

    expect((await reinstate(owner.api, token)).status).toBe(204);
    expect(await worksOn(token)).toBe(false);
  });

  it('a token can revoke itself', async () => {
    const token = await create(owner.api);

    expect((await revoke(by(token), token)).status).toBe(200);
    expect(await worksOn(token)).toBe(false);
  });

  it('refuses what a token asked for while its revocation was being written', async () => {
    const token = await create(owner.api);
    const [revoked, created] = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      const first = revoke(owner.api, token);
      await waitForBlockedQuery(t);
      const second = by(token).post(TOKENS, {});
      await untilOthersWait(t);
      await client.query('commit');
      return Promise.all([first, second]);
    });

    expect([revoked.status, created.status]).toEqual([200, 401]);
    expect((await owner.api.get(TOKENS)).body).toHaveLength(1);
  });
});

describe('the tokens of other members', () => {
  it('an Organization Admin revokes, reinstates and deletes them, and the audit log names the owner', async () => {
    const token = await create(owner.api);

    expect((await revoke(org.admin.api, token)).status).toBe(200);
    expect(await worksOn(token)).toBe(false);
    expect((await reinstate(org.admin.api, token)).status).toBe(204);
    expect(await worksOn(token)).toBe(true);
    expect((await org.admin.api.delete(`${TOKENS}/${token.id}`)).status).toBe(200);
    expect(await worksOn(token)).toBe(false);

    const entry = { by: org.admin.userId, ids: [token.id], owner: owner.userId };
    for (const operation of ['revoke', 'reinstate', 'delete'])
      expect(await entriesOf(`${operation}_personal_access_token`, token)).toEqual([entry]);
  });

  it('the audit log names no owner when owners revoke their own token', async () => {
    const token = await create(owner.api);
    await revoke(owner.api, token);

    expect(await entriesOf('revoke_personal_access_token', token)).toEqual([
      { by: owner.userId, ids: [token.id], owner: null },
    ]);
  });

  it('returns a problem with 404 to members, operators and limited keys, and changes nothing', async () => {
    const token = await create(owner.api);
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const limited = { role_id: role('WORKSPACE_USER'), org_role_id: role('ORGANIZATION_ADMIN') };
    const { body } = await org.admin.api.post(KEYS, limited);

    for (const api of [peer.api, operator.api, t.api.as({ key: body.key })]) {
      const replies = [
        await revoke(api, token),
        await reinstate(api, token),
        await api.delete(`${TOKENS}/${token.id}`),
      ];
      for (const reply of replies) expect(reply).toMatchObject(NOT_FOUND);
    }
    expect(await worksOn(token)).toBe(true);
  });

  it('returns a problem with 404 for unknown tokens, service keys and tokens of another organization', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const foreign = await create(other.admin.api);
    const { body: key } = await org.admin.api.post(KEYS, {});

    for (const one of [{ id: randomUUID() }, key, foreign]) {
      expect(await revoke(org.admin.api, one)).toMatchObject(NOT_FOUND);
      expect(await reinstate(org.admin.api, one)).toMatchObject(NOT_FOUND);
      expect(await org.admin.api.delete(`${TOKENS}/${one.id}`)).toMatchObject(NOT_FOUND);
    }
    expect(await worksOn(foreign)).toBe(true);
  });

  it('lists the tokens of all members of the organization to Organization Admins with their owner', async () => {
    const other = await t.fixtures.orgWithAdmin();
    await create(other.admin.api);
    const [own, ownersToken] = [
      await create(org.admin.api),
      await create(owner.api, { description: 'Theirs' }),
    ];

    const { status, body } = await org.admin.api.get(ALL);

    expect(status).toBe(200);
    expect(idsOf(body)).toEqual(expect.arrayContaining([own.id, ownersToken.id]));
    expect(body.find(({ id }: Token) => id === ownersToken.id)).toMatchObject({
      ...{ description: 'Theirs', created_by: owner.email, created_by_ls_user_id: owner.userId },
      ...{ access_scope: null, role_id: null, org_role_id: null, default_workspace_name: 'Workspace 1' },
    });
    expect(body.every((token: object) => !('key' in token))).toBe(true);
    const mine = await t.sql('select from api_keys where org_id = $1 and kind = $2', [org.orgId, 'pat']);
    expect(body).toHaveLength(mine.length);
    const entries = await t.sql(
      `select from audit_entries where org_id = $1 and operation = 'list_all_org_personal_access_tokens' and succeeded`,
      [org.orgId],
    );
    expect(entries.length).toBeGreaterThan(0);
  });

  it('returns a problem with 403 to everyone else who asks for the tokens of all members', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });

    for (const { api } of [operator, peer])
      expect(await api.get(ALL)).toMatchObject({
        status: 403,
        body: { title: 'Forbidden', status: 403, detail: expect.stringContaining('may view') },
      });
  });

  it('limits lists to tokens and keys that reach one of the workspaces', async () => {
    const second = await anotherWorkspace(org);
    const foreign = (await t.fixtures.orgWithAdmin()).workspaceId;
    const group = await userGroup(org);
    expect((await grantTo(org.admin, group, second, EDITOR)).status).toBe(201);
    expect((await addTo(org.admin, group, owner)).status).toBe(207);
    const token = await create(owner.api); // its owner is a member of the first workspace only, whatever the group gives
    const own = await create(org.admin.api); // an admin reaches all
    const [wide, here] = [
      (await org.admin.api.post(KEYS, {})).body.id,
      (await org.admin.api.post(KEYS, { workspaces: [org.workspaceId] })).body.id,
    ];
    const among = async (path: string, ids: string[], workspaces: string[]) => {
      const query = workspaces.map((id) => `workspace_ids=${id}`).join('&');
      const { status, body } = await org.admin.api.get(`${path}?${query}`);
      expect(status).toBe(200);
      return idsOf(body)
        .filter((id) => ids.includes(id))
        .toSorted();
    };
    const tokens = [token.id, own.id];
    const keys: string[] = [wide, here];

    expect(await among(ALL, tokens, [org.workspaceId])).toEqual(tokens.toSorted());
    expect(await among(ALL, tokens, [second, foreign])).toEqual([own.id]);
    expect(await among(ALL, tokens, [foreign])).toEqual([]);
    expect(await among(KEYS, keys, [org.workspaceId])).toEqual(keys.toSorted());
    expect(await among(KEYS, keys, [second])).toEqual([wide]);
    expect(await among(KEYS, keys, [second, org.workspaceId])).toEqual(keys.toSorted());
    expect(await among(KEYS, keys, [foreign])).toEqual([]);
    expect((await owner.api.get(`${TOKENS}?workspace_ids=${second}`)).body).toEqual([]);
    expect(idsOf((await owner.api.get(`${TOKENS}?workspace_ids=${org.workspaceId}`)).body)).toEqual([
      token.id,
    ]);
    expect((await owner.api.get(`${TOKENS}?workspace_ids=nonsense`)).status).toBe(422);
  });
});

describe('a token that is created with a token', () => {
  it.each([TOKENS, '/api/v1/api-key/current'])(
    'is created by POST %s, belongs to the same user and expires no later',
    async (path) => {
      const parent = await create(owner.api, { expires_at: EXPIRES });

      const made = await by(parent).post(path, { description: 'From a token' });
      const later = await by(parent).post(path, { expires_at: '2099-01-02T00:00:00Z' });

      expect(made).toMatchObject({ status: 200, body: { expires_at: EXPIRES, created_by: owner.email } });
      expect(later.status).toBe(422);
      expect(await worksOn(made.body)).toBe(true);
      expect(idsOf((await by(made.body).get(path)).body)).toEqual([made.body.id, parent.id]);
      expect((await by(made.body).delete(`${path}/${made.body.id}`)).status).toBe(200);
    },
  );

  it('ends when a token is revoked with which it was created, directly or not, and returns with it', async () => {
    const parent = await create(owner.api);
    const child = await create(by(parent));
    const grandchild = await create(by(child));
    const apart = await create(owner.api);
    const working = () => Promise.all([parent, child, grandchild, apart].map((token) => worksOn(token)));

    await revoke(owner.api, parent);
    expect(await working()).toEqual([false, false, false, true]);
    expect((await reinstate(owner.api, grandchild)).status).toBe(409);
    expect((await reinstate(owner.api, child)).status).toBe(409);
    expect(await working()).toEqual([false, false, false, true]);

    await reinstate(owner.api, parent);
    expect(await working()).toEqual([true, true, true, true]);
    const [entry] = await entriesOf('revoke_personal_access_token', parent);
    expect(new Set((entry as { ids: string[] }).ids)).toEqual(new Set([parent.id, child.id, grandchild.id]));
  });

  it('stays revoked when it was revoked before the token with which it was created', async () => {
    const parent = await create(owner.api);
    const child = await create(by(parent));
    await revoke(owner.api, child);
    await revoke(owner.api, parent);

    await reinstate(owner.api, parent);

    expect([await worksOn(parent), await worksOn(child)]).toEqual([true, false]);
    expect((await reinstate(owner.api, child)).status).toBe(204);
    expect(await worksOn(child)).toBe(true);
  });

  it('ends when the token with which it was created is deleted', async () => {
    const parent = await create(owner.api);
    const child = await create(by(parent));

    await owner.api.delete(`${TOKENS}/${parent.id}`);

    expect(await worksOn(child)).toBe(false);
    expect((await owner.api.get(TOKENS)).body).toEqual([]);
    const [entry] = await entriesOf('delete_personal_access_token', parent);
    expect((entry as { ids: string[] }).ids).toEqual(expect.arrayContaining([parent.id, child.id]));
  });

  it('is not created by a service key, which has no user, nor where the organization forbids tokens', async () => {
    const { body } = await org.admin.api.post(KEYS, { org_role_id: role('ORGANIZATION_ADMIN') });
    const closed = await t.fixtures.orgWithAdmin();
    const token = await create(closed.admin.api);
    await closed.admin.api.patch('/api/v1/orgs/current/info', { pat_creation_disabled: true });

    const byService = await t.api.as({ key: body.key }).post(TOKENS, {});
    const byToken = await by(token).post(TOKENS, {});

    expect(byService).toMatchObject({ status: 403, body: { title: 'Forbidden', status: 403 } });
    expect(byService.body.detail).toContain('belongs to a user');
    expect(byToken).toMatchObject({ status: 403, body: { title: 'Forbidden', status: 403 } });
  });

  it('returns 403 when a token sets a password', async () => {
    const token = await create(owner.api);

    const { status } = await by(token).patch('/api/v1/orgs/members/basic', {
      password: 'Another-Horse-Battery',
    });

    expect(status).toBe(403);
  });
});
