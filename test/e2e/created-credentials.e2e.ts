import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { auditOf } from '../support/audit.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { onOwnConnection } from '../support/audit-log.js';
import { grantOf } from '../support/grants.js';
import { leastCosts } from '../support/least-costs.js';
import { Scim, scimOf, userOf } from '../support/scim.js';
import { untilOthersWait, waitForBlockedQuery } from '../support/waiting-for-locks.js';
import { invitation, orgRoleIn } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const KEYS = '/api/v1/orgs/current/service-keys';
const WORKSPACE_KEYS = '/api/v1/api-key';
const MEMBERS = '/api/v1/orgs/current/members';
const WORKSPACE_MEMBERS = '/api/v1/workspaces/current/members';
const TOKENS = '/api/v1/orgs/current/personal-access-tokens';
const SCIM_TOKENS = '/v1/platform/orgs/current/scim/tokens';
const ADMIN_ROLE = { role_id: role('ORGANIZATION_ADMIN') };
const USER_ROLE = { role_id: role('ORGANIZATION_USER') };

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp({ AUDIT_SEAL_SECONDS: '3600', CALLER_CACHE: 'off' }); // their statements would be counted
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

type Key = { id: string; key: string; short_key: string; description: string };
async function makeKey(api: Api, wish: object = {}): Promise<Key> {
  const { status, body } = await api.post(KEYS, {
    workspaces: [org.workspaceId],
    ...wish,
  });
  if (status !== 200) throw new Error(`making a key: ${status} ${JSON.stringify(body)}`);
  return body;
}
const lead = () => t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
const listed = async (id: string, path = KEYS) =>
  (await org.admin.api.get(path)).body.find((one: Key) => one.id === id);
const NOTHING = {
  created_service_keys: [],
  created_personal_access_tokens: [],
  created_scim_tokens: [],
  created_webhooks: [],
  created_log_streams: [],
  approved_applications: [],
};
const nothingBut = (some: Partial<Record<keyof typeof NOTHING, object[]>>) => ({
  ...NOTHING,
  ...some,
});
const shown = ({ id, short_key, description }: Key) => ({
  id,
  short_key,
  description,
});
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
  const made = await makeKey(maker.api);
  const changed = await org.admin.api.patch(`${KEYS}/${made.id}`, {
    description: 'changed by an admin',
  });

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
  const first = await makeKey(maker.api);
  const token = (await maker.api.post('/api/v1/orgs/current/personal-access-tokens', {})).body.key;

  const { body: second } = await t.api.as({ key: first.key }).post(WORKSPACE_KEYS);
  const { body: third } = await t.api.as({ key: second.key }).post(WORKSPACE_KEYS);
  const byToken = await makeKey(t.api.as({ key: token, orgId: org.orgId }));

  for (const { id } of [second, third, byToken])
    expect(await listed(id)).toMatchObject({
      created_by: maker.email,
      created_by_ls_user_id: maker.userId,
    });
});

it('lists the service keys that a removed member created, and leaves them valid by default', async () => {
  const [maker, other] = [await lead(), await lead()];
  const older = await makeKey(maker.api, { description: 'older' });
  const newer = await makeKey(maker.api, { description: 'newer' });
  await makeKey(other.api);
  await join(await t.fixtures.orgWithAdmin(), maker); // only its members see the address from now on

  expect(await remove(maker)).toMatchObject({
    status: 200,
    body: nothingBut({ created_service_keys: [shown(newer), shown(older)] }),
  });
  expect([await statusOf(older), await statusOf(newer)]).toEqual([200, 200]);
  expect(await listed(older.id)).toMatchObject({
    created_by: null,
    created_by_ls_user_id: maker.userId,
  });
});

it('revokes the service keys that a removed member created when asked, with an audit entry for each', async () => {
  const [maker, other] = [await lead(), await lead()];
  const keys = [await makeKey(maker.api), await makeKey(maker.api)];
  const { body: child } = await t.api.as({ key: keys[0]!.key }).post(WORKSPACE_KEYS);
  const kept = await makeKey(other.api);
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
  const api = maker.api.as({
    orgId: elsewhere.orgId,
    workspaceId: elsewhere.workspaceId,
  });
  const { body: there } = await api.post(WORKSPACE_KEYS);

  expect((await remove(maker, '?revoke_created_keys=true')).body).toEqual(NOTHING);
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
  const maker = await t.fixtures.member(org, {
    org: 'ORGANIZATION_ADMIN',
    workspace: 'WORKSPACE_ADMIN',
  });
  const [limited, wide] = [await makeKey(maker.api), await makeKey(maker.api, { workspaces: null })];
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
  const made = await makeKey(maker.api);

  expect((await remove(maker, '?revoke_created_keys=true', operator.api)).status).toBe(200);
  expect(await statusOf(made)).toBe(401);
});

it('sends as many statements for fifty keys as for two when they are revoked with their member', async () => {
  const cost = async (count: number) => {
    const maker = await lead();
    await Promise.all(Array.from({ length: count }, () => makeKey(maker.api)));
    await remove(await lead(), '?revoke_created_keys=true'); // statements are prepared once for each connection
    const before = await t.statements();
    const { body } = await remove(maker, '?revoke_created_keys=true');
    expect(body.created_service_keys).toHaveLength(count);
    return (await t.statements()) - before;
  };

  const [fifty, two] = await leastCosts(
    () => cost(50),
    () => cost(2),
  );
  expect(fifty).toBe(two);
});

it('returns 422 for a query that is neither true nor false, and an empty list for an invitation', async () => {
  const maker = await lead();
  const invited = await invitation(org, { email: t.fixtures.email() });

  expect(await remove(maker, '?revoke_created_keys=maybe')).toMatchObject({
    status: 422,
    body: { detail: [{ loc: ['query', 'revoke_created_keys'] }] },
  });
  expect(await orgRoleIn(t, org.orgId, maker.email)).not.toBeNull();
  expect((await remove({ membershipId: invited }, '?revoke_created_keys=true')).body).toEqual(NOTHING);
});

/** A credential with which the tests act. */
type Made = { id: string; api: Api; shown: object };
const credentialOf = (response: { status: number; body: any }, secret: 'key' | 'token' = 'key'): Made => {
  expect([200, 201]).toContain(response.status);
  const { id, description, [secret]: value } = response.body;
  const short = secret === 'key' ? response.body.short_key : response.body.short_token;
  return {
    id,
    api: t.api.as({ key: value, orgId: org.orgId }),
    shown: { id, short_key: short, description },
  };
};
const adminKey = async (api: Api) =>
  credentialOf(await api.post(KEYS, { org_role_id: role('ORGANIZATION_ADMIN') }));
const patOf = async (api: Api) => credentialOf(await api.post(TOKENS, {}));
async function scimToken(api: Api) {
  const response = await api.post(SCIM_TOKENS, {});
  const scim = new Scim(t.url, response.body.token);
  const read = () => scim.get('/ServiceProviderConfig');
  return { ...credentialOf(response, 'token'), read };
}
const works = async ({ api }: Made) => (await api.get('/api/v1/orgs/current')).status === 200;
const patch = ({ membershipId }: Member, body: object, query = '', api = org.admin.api) =>
  api.patch(`${MEMBERS}/${membershipId}${query}`, body);
const anAdmin = () =>
  t.fixtures.member(org, {
    org: 'ORGANIZATION_ADMIN',
    workspace: 'WORKSPACE_ADMIN',
  });
const entriesOf = (operation: string, id: string) =>
  t.sql<{ ids: string[]; details: object }>(
    `select resource_ids as ids, details - 'request_id' as details from audit_entries
     where operation = $1 and resource_ids[1] = $2 and succeeded`,
    [operation, id],
  );

/** What an admin made with a session, with a token and with keys. */
async function everything(api: Api) {
  const token = await patOf(api);
  const key = await adminKey(token.api);
  const keyOfKey = await adminKey(key.api);
  return {
    token,
    key,
    keyOfKey,
    scim: await scimToken(keyOfKey.api),
    tokenOfToken: await patOf(token.api),
  };
}
type Everything = Awaited<ReturnType<typeof everything>>;
const states = async ({ token, tokenOfToken, key, keyOfKey, scim }: Everything) => [
  ...(await Promise.all([token, tokenOfToken, key, keyOfKey].map(works))),
  (await scim.read()).status === 200,
];
const NONE_WORKS = [false, false, false, false, false];
const ALL_WORK = [true, true, true, true, true];

describe('PATCH of a member', () => {
  it('ends what a lowered member made when asked, names it, and records it', async () => {
    const maker = await anAdmin();
    const all = await everything(maker.api);
    const { token, tokenOfToken, key, keyOfKey, scim } = all;
    expect(await states(all)).toEqual(ALL_WORK);

    const { status, body } = await patch(maker, USER_ROLE, '?revoke_created=true');

    expect({ status, role: body.role_id }).toEqual({
      status: 200,
      role: USER_ROLE.role_id,
    });
    expect(body).toMatchObject({
      created_service_keys: [keyOfKey.shown, key.shown],
      created_personal_access_tokens: [tokenOfToken.shown, token.shown],
      created_scim_tokens: [scim.shown],
    });
    expect(await states(all)).toEqual(NONE_WORKS);
    expect((await patch(maker, ADMIN_ROLE, '', key.api)).status).toBe(401);
    expect(await entriesOf('update_org_member', maker.membershipId)).toEqual([
      {
        ids: [maker.membershipId],
        details: {
          created_service_keys: [keyOfKey.id, key.id],
          created_personal_access_tokens: [tokenOfToken.id, token.id],
          created_scim_tokens: [scim.id],
          org_roles_changed: { [maker.userId]: { from: expect.any(String), to: USER_ROLE.role_id } },
          resource_owner_ls_user_id: maker.userId,
        },
      },
    ]);
    for (const { id } of [key, keyOfKey]) expect(await entriesOf('delete_service_key', id)).toHaveLength(1);
    for (const { id } of [token, tokenOfToken])
      expect(await entriesOf('revoke_personal_access_token', id)).toHaveLength(1);
    expect(await entriesOf('delete_scim_token', scim.id)).toHaveLength(1);
  });

  it('leaves what a lowered member made without the parameter, and returns the member only', async () => {
    const maker = await anAdmin();
    const all = await everything(maker.api);

    const { body } = await patch(maker, USER_ROLE);

    expect(body).not.toHaveProperty('created_service_keys');
    expect(await states(all)).toEqual(ALL_WORK);
    expect((await patch(maker, ADMIN_ROLE, '', all.token.api)).status).toBe(403); // a token follows the role
    expect((await patch(maker, ADMIN_ROLE, '', all.key.api)).status).toBe(200);
  });

  it('ends what a member made without a change of their role', async () => {
    const maker = await anAdmin();
    const all = await everything(maker.api);

    const { status, body } = await patch(maker, {}, '?revoke_created_keys=true');

    expect({ status, keys: body.created_service_keys }).toMatchObject({
      status: 200,
      keys: { length: 2 },
    });
    expect(await states(all)).toEqual(NONE_WORKS);
    expect(await entriesOf('update_org_member', maker.membershipId)).toHaveLength(1);
  });

  it('ends the access that a member gave to applications, names it, and leaves it without the parameter', async () => {
    const person = await lead();
    const grant = await grantOf(t.sql, org, person);
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const viewer = { role_id: role('ORGANIZATION_VIEWER') };
    const grants = () => t.sql('select id from oauth_grants where user_id = $1', [person.userId]);
    expect((await patch(person, viewer, '')).status).toBe(200);
    expect((await patch(person, {}, '?revoke_created=true', operator.api)).status).toBe(403);
    expect(await grants()).toEqual([{ id: grant.id }]);

    const { body } = await patch(person, {}, '?revoke_created=true');

    expect(body).toMatchObject({
      approved_applications: [
        { id: grant.id, short_key: 'langsmith-cli', description: 'langsmith-cli (name)' },
      ],
    });
    expect(await grants()).toEqual([]);
    expect(await entriesOf('update_org_member', person.membershipId)).toMatchObject([
      {},
      { details: { approved_applications: [grant.id] } },
    ]);
    expect(await entriesOf('revoke_oauth_grant', grant.id)).toHaveLength(1);
  });

  it('returns 403 and changes nothing when an operator may not end all of it', async () => {
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const viewer = { role_id: role('ORGANIZATION_VIEWER') };
    const query = '?revoke_created=true';
    const [withKey, withToken] = [await lead(), await lead()];
    const formerAdmin = await anAdmin();
    const scim = await scimToken(formerAdmin.api);
    await patch(formerAdmin, USER_ROLE);
    const kept = await makeKey(withKey.api);
    await makeKey(withToken.api);
    const token = await patOf(withToken.api);

    expect(await patch(withToken, viewer, query, operator.api)).toMatchObject({
      status: 403,
    });
    expect(await patch(formerAdmin, viewer, query, operator.api)).toMatchObject({ status: 403 });
    expect(await orgRoleIn(t, org.orgId, withToken.email)).toBe(USER_ROLE.role_id);
    expect([await works(token), (await scim.read()).status]).toEqual([true, 200]);

    expect((await patch(withKey, viewer, query, operator.api)).status).toBe(200);
    expect(await statusOf(kept)).toBe(401);
  });

  it('returns 403 and ends nothing when an operator names an organization admin', async () => {
    const [operator, maker] = [
      await t.fixtures.member(org, { org: 'ORGANIZATION_OPERATOR', workspace: 'WORKSPACE_ADMIN' }),
      await anAdmin(),
    ];
    const made = await makeKey(maker.api);

    const { status, headers } = await patch(maker, {}, '?revoke_created=true', operator.api);

    expect([status, headers.get('x-error-code')]).toEqual([403, 'operator_cannot_change_role']);
    expect(await statusOf(made)).toBe(200);
  });

  it('refuses a key that is created with a key of the member at the same moment', async () => {
    const maker = await anAdmin();
    const parent = await adminKey(maker.api);
    const responses = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      const lowered = patch(maker, USER_ROLE, '?revoke_created=true');
      await waitForBlockedQuery(t);
      const late = [parent.api.post(KEYS, {}), parent.api.post(SCIM_TOKENS, {}), maker.api.post(KEYS, {})];
      await untilOthersWait(t);
      await client.query('commit');
      return Promise.all([lowered, ...late]);
    });

    expect(responses.map(({ status }) => status)).toEqual([200, 401, 401, 409]);
  });

  it('ends a key whose creation was confirmed before', async () => {
    const maker = await anAdmin();
    const parent = await adminKey(maker.api);
    const responses = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      const early = parent.api.post(KEYS, {});
      await waitForBlockedQuery(t);
      const lowered = patch(maker, USER_ROLE, '?revoke_created=true');
      await untilOthersWait(t);
      await client.query('commit');
      return Promise.all([early, lowered]);
    });

    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
    expect(await works(credentialOf(responses[0]))).toBe(false);
    expect(responses[1].body.created_service_keys).toHaveLength(2);
  });
});

it('keeps keys and SCIM tokens when their creator leaves the workspace, ends their sessions or is removed over SCIM', async () => {
  const scim = await scimOf(org.admin.api);
  const recordOf = async ({ email }: Member) =>
    `/Users/${(await scim.post('/Users', userOf(email))).body.id}`;
  const changes = [
    async (maker: Member) => {
      const { body } = await org.admin.api.get(`${WORKSPACE_MEMBERS}/active?limit=100`);
      const membership = body.find(({ email }: Member) => email === maker.email);
      return org.admin.api.delete(`${WORKSPACE_MEMBERS}/${membership.id}`);
    },
    (maker: Member) => maker.api.as({ workspaceId: undefined }).delete('/api/v1/me/sessions'),
    async (maker: Member) =>
      scim.patch(await recordOf(maker), [{ op: 'replace', path: 'active', value: false }]),
    async (maker: Member) => scim.delete(await recordOf(maker)),
  ];
  const tokenWorks = [true, true, false, false];

  for (const [index, change] of changes.entries()) {
    const maker = await anAdmin();
    const all = await everything(maker.api);
    expect([200, 204]).toContain((await change(maker)).status);
    const tokens = [tokenWorks[index], tokenWorks[index]];
    expect({ index, states: await states(all) }).toEqual({ index, states: [...tokens, true, true, true] });
  }
});

it('deletes SCIM tokens of a removed member when asked, also those made with keys, and lists them otherwise', async () => {
  const makers = [await anAdmin(), await anAdmin()];
  const [stays, ends] = [await everything(makers[0]!.api), await everything(makers[1]!.api)];
  const lists = ({ token, tokenOfToken, key, keyOfKey, scim }: Everything) => ({
    created_service_keys: [keyOfKey.shown, key.shown],
    created_personal_access_tokens: [tokenOfToken.shown, token.shown],
    created_scim_tokens: [scim.shown],
    created_webhooks: [],
    created_log_streams: [],
    approved_applications: [],
  });

  expect((await remove(makers[0]!)).body).toEqual(lists(stays));
  expect((await remove(makers[1]!, '?revoke_created=true')).body).toEqual(lists(ends));

  expect(await states(stays)).toEqual([false, false, true, true, true]);
  expect(await states(ends)).toEqual(NONE_WORKS);
  const [entry] = await entriesOf('delete_org_member', makers[1]!.membershipId);
  expect(entry).toMatchObject({
    details: { created_scim_tokens: [ends.scim.id] },
  });
});

describe('ending a personal access token', () => {
  const revocation = ({ id }: Made, query: string) => `${TOKENS}/${id}/revocation${query}`;

  it('revokes it with what was made with it when asked, and reinstating brings back tokens only', async () => {
    const maker = await anAdmin();
    const [all, apart] = [await everything(maker.api), await everything(maker.api)];
    const { token, tokenOfToken, key, keyOfKey, scim } = all;
    const lists = {
      created_service_keys: [keyOfKey.shown, key.shown],
      created_personal_access_tokens: [tokenOfToken.shown],
      created_scim_tokens: [scim.shown],
    };

    const { status, body } = await maker.api.post(revocation(token, '?revoke_created=true'));

    expect({ status, body }).toMatchObject({
      status: 200,
      body: { id: token.id, ...lists },
    });
    expect(await states(all)).toEqual(NONE_WORKS);
    expect(await states(apart)).toEqual(ALL_WORK);
    const [entry] = await entriesOf('revoke_personal_access_token', token.id);
    expect(entry).toMatchObject({
      ids: [token.id, tokenOfToken.id],
      details: {
        created_service_keys: [keyOfKey.id, key.id],
        created_scim_tokens: [scim.id],
      },
    });
    expect((await maker.api.delete(revocation(token, ''))).status).toBe(204);
    expect(await states(all)).toEqual([true, true, false, false, false]);
  });

  it('leaves the keys made with it without the parameter', async () => {
    const maker = await anAdmin();
    const all = await everything(maker.api);

    const { body } = await maker.api.post(revocation(all.token, ''));

    expect(body).not.toHaveProperty('created_service_keys');
    expect(await states(all)).toEqual([false, false, true, true, true]);
  });

  it.each([TOKENS, '/api/v1/api-key/current'])(
    'deletes what was made with it by DELETE %s/{id}',
    async (path) => {
      const maker = await anAdmin();
      const all = await everything(maker.api);

      const { status, body } = await maker.api.delete(`${path}/${all.token.id}?revoke_created=true`);

      expect(status).toBe(200);
      expect(body).toMatchObject({
        created_service_keys: [all.keyOfKey.shown, all.key.shown],
        created_personal_access_tokens: [all.tokenOfToken.shown],
        created_scim_tokens: [all.scim.shown],
      });
      expect(await states(all)).toEqual(NONE_WORKS);
    },
  );

  it('finds what was made with keys that have been deleted since', async () => {
    const maker = await anAdmin();
    const all = await everything(maker.api);
    await all.key.api.delete(`${KEYS}/${all.key.id}`);
    await all.keyOfKey.api.delete(`${KEYS}/${all.keyOfKey.id}`);
    expect(await states(all)).toEqual([true, true, false, false, true]);

    await org.admin.api.post(revocation(all.token, '?revoke_created=true'));

    expect(await states(all)).toEqual(NONE_WORKS);
  });

  it('returns 403 and changes nothing when its owner may no longer delete what was made with it', async () => {
    const maker = await anAdmin();
    const all = await everything(maker.api);
    await patch(maker, USER_ROLE);

    const reply = await maker.api.post(revocation(all.token, '?revoke_created=true'));

    expect(reply).toMatchObject({ status: 403, body: { title: 'Forbidden' } });
    expect(await states(all)).toEqual(ALL_WORK);
    expect((await maker.api.post(revocation(all.token, ''))).status).toBe(200);
  });
});

describe('deleting a service key', () => {
  it.each([KEYS, WORKSPACE_KEYS])(
    'deletes what was made with it by DELETE %s/{id} when asked',
    async (path) => {
      const isOfWorkspace = path === WORKSPACE_KEYS;
      const maker = await anAdmin();
      const root = isOfWorkspace ? credentialOf(await maker.api.post(path, {})) : await adminKey(maker.api);
      const below = credentialOf(
        await root.api.as({ workspaceId: org.workspaceId }).post(WORKSPACE_KEYS, {}),
      );
      const scim = isOfWorkspace ? null : await scimToken(root.api);
      const apart = await makeKey(maker.api);

      const { status, body } = await maker.api.delete(`${path}/${root.id}?revoke_created=true`);

      expect(status).toBe(200);
      expect(body).toMatchObject({
        id: root.id,
        created_service_keys: [below.shown],
        created_personal_access_tokens: [],
        created_scim_tokens: scim ? [scim.shown] : [],
      });
      expect((await below.api.get('/api/v1/workspaces/current/members')).status).toBe(401);
      if (scim) expect((await scim.read()).status).toBe(401);
      expect(await statusOf(apart)).toBe(200);
    },
  );

  it('leaves what was made with it without the parameter', async () => {
    const maker = await anAdmin();
    const root = await adminKey(maker.api);
    const below = await adminKey(root.api);

    const { body } = await maker.api.delete(`${KEYS}/${root.id}`);

    expect(body).not.toHaveProperty('created_service_keys');
    expect(await works(below)).toBe(true);
  });
});

it('accepts the parameter when a SCIM token is deleted, with which nothing is made, and returns 204', async () => {
  const token = await scimToken(org.admin.api);

  expect((await org.admin.api.delete(`${SCIM_TOKENS}/${token.id}?revoke_created=maybe`)).status).toBe(400);
  expect(await org.admin.api.delete(`${SCIM_TOKENS}/${token.id}?revoke_created=true`)).toMatchObject({
    status: 204,
    body: '',
  });
});

it('sends as many statements for a long chain of keys as for a short one when their token is revoked', async () => {
  const cost = async (length: number) => {
    const token = await patOf(org.admin.api);
    let { api } = token;
    for (let made = 0; made < length; made++) ({ api } = await adminKey(api));
    const before = await t.statements();
    const { body } = await org.admin.api.post(`${TOKENS}/${token.id}/revocation?revoke_created=true`);
    expect(body.created_service_keys).toHaveLength(length);
    return (await t.statements()) - before;
  };
  await cost(1); // statements are prepared once for each connection

  const [twenty, one] = await leastCosts(
    () => cost(20),
    () => cost(1),
  );
  expect(twenty).toBe(one);
});

it('sends as many statements for a list of many keys and creators as for a short one', async () => {
  const cost = async () => {
    const before = await t.statements();
    expect((await org.admin.api.get(KEYS)).status).toBe(200);
    return (await t.statements()) - before;
  };
  const makers = [await lead(), await lead(), await lead()];
  await makeKey(makers[0]!.api);
  await cost(); // statements are prepared once for each connection
  const [before] = await leastCosts(cost, cost);
  for (const { api } of makers) await Promise.all([1, 2, 3, 4].map(() => makeKey(api)));

  expect((await leastCosts(cost, cost))[0]).toBe(before);
});
