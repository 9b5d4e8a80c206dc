import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Api } from '../support/api.js';
import { onOwnConnection } from '../support/audit-log.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { updateOrg } from '../support/invitations.js';
import { columnsContaining } from '../support/stored-text.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { untilOthersWait, waitForBlockedQuery } from '../support/waiting-for-locks.js';

const TOKENS = '/api/v1/orgs/current/personal-access-tokens';
const KEYS = '/api/v1/orgs/current/service-keys';
const SCIM_TOKENS = '/v1/platform/orgs/current/scim/tokens';
const ORG = '/api/v1/orgs/current';
const NO_ID = '00000000-0000-4000-8000-000000000000';
const ADMIN_KEY = { org_role_id: role('ORGANIZATION_ADMIN') };

let t: TestApp;
/** Another server on the same database. */
let replica: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  replica = await startTestApp({}, t.databaseUrl);
});
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
});
afterAll(async () => {
  await replica.close();
  await t.close();
});

type Credential = { id: string; secret: string };
type Kind = { path: string; table: string; wish: object; operation: string };
const TOKEN: Kind = {
  path: TOKENS,
  table: 'api_keys',
  wish: {},
  operation: 'rotate_personal_access_token',
};
const KEY: Kind = { path: KEYS, table: 'api_keys', wish: ADMIN_KEY, operation: 'rotate_service_key' };
const SCIM: Kind = { path: SCIM_TOKENS, table: 'scim_tokens', wish: {}, operation: 'rotate_scim_token' };
const KINDS: [string, Kind][] = [
  ['a personal access token', TOKEN],
  ['a service key', KEY],
  ['a SCIM token', SCIM],
];

const secretOf = (body: { key?: string; token?: string }) => body.key ?? body.token ?? '';
const create = async (api: Api, { path, wish }: Kind, more: object = {}): Promise<Credential> => {
  const { status, body } = await api.post(path, { ...wish, ...more });
  expect([200, 201]).toContain(status);
  return { id: body.id, secret: secretOf(body) };
};
const rotate = (api: Api, { path }: Kind, { id }: { id: string }, body?: unknown) =>
  api.post(`${path}/${id}/rotate`, body);
const rotated = async (api: Api, kind: Kind, credential: Credential, hours = 0): Promise<string> => {
  const { status, body } = await rotate(api, kind, credential, { overlap_hours: hours });
  expect(status).toBe(200);
  return secretOf(body);
};
const statusOf = async (server: TestApp, { path }: Kind, secret: string) =>
  path === SCIM_TOKENS
    ? (await server.api.as({ token: secret }).get('/scim/v2/Users?count=1')).status
    : (await server.api.as({ key: secret }).get(ORG)).status;
/** On both servers; asked twice, so that the second answer is from the cache. */
const works = async (kind: Kind, secret: string) => {
  const statuses = [];
  for (const server of [t, replica, t, replica]) statuses.push(await statusOf(server, kind, secret));
  expect([[...new Set(statuses)]]).toEqual([[statuses[0]]]);
  return statuses[0] === 200;
};
const as = (secret: string) => t.api.as({ key: secret });
const refusal = ({ status, headers }: { status: number; headers: Headers }) => [
  status,
  headers.get('x-error-code'),
];
const operatorOf = async (of: OrgWithAdmin) =>
  (await t.fixtures.member(of, { org: 'ORGANIZATION_OPERATOR' })).api.as({ workspaceId: undefined });
const listed = async (api: Api, { path }: Kind, id: string) =>
  (await api.get(path)).body.find((one: { id: string }) => one.id === id);

describe.each(KINDS)('rotating %s', (_, kind) => {
  it('gives it a new secret, ends the old one at the next request on every server, and leaves all else', async () => {
    const credential = await create(org.admin.api, kind, { expires_at: '2099-01-01T00:00:00.000Z' });
    const before = await listed(org.admin.api, kind, credential.id);
    expect(await works(kind, credential.secret)).toBe(true);

    const { status, body } = await rotate(org.admin.api, kind, credential);

    for (const server of [t, replica]) expect(await statusOf(server, kind, credential.secret)).toBe(401);
    expect(await works(kind, secretOf(body))).toBe(true);
    expect([status, body.previous_secret_ends_at]).toEqual([200, null]);
    const after = await listed(org.admin.api, kind, credential.id);
    const changing = { last_used_at: null, short_key: null, short_token: null, updated_at: null };
    expect({ ...after, ...changing }).toEqual({ ...before, ...changing });
    expect(body).toMatchObject({ id: credential.id, expires_at: after.expires_at });
    expect(after.short_key ?? after.short_token).toContain(secretOf(body).slice(-4));
    expect(await columnsContaining(t.sql, secretOf(body))).toEqual([]);
  });

  it('lets the old secret work beside the new one until the overlap ends, by the clock of the database', async () => {
    const credential = await create(org.admin.api, kind);
    const { body } = await rotate(org.admin.api, kind, credential, { overlap_hours: 168 });

    expect(await works(kind, credential.secret)).toBe(true);
    expect(await works(kind, secretOf(body))).toBe(true);
    const [{ hours }] = (await t.sql(`select extract(epoch from $1::timestamptz - now()) / 3600 as hours`, [
      body.previous_secret_ends_at,
    ])) as [{ hours: string }];
    expect(Math.round(Number(hours))).toBe(168);

    await t.sql(
      `update ${kind.table} set previous_ends_at = clock_timestamp() + interval '3 seconds' where id = $1`,
      [credential.id],
    );
    expect(await works(kind, credential.secret)).toBe(true);
    await pause(3_100);

    for (const server of [t, replica]) expect(await statusOf(server, kind, credential.secret)).toBe(401);
    expect(await works(kind, secretOf(body))).toBe(true);
  });

  it('ends the secret before the last at once when it is rotated again', async () => {
    const credential = await create(org.admin.api, kind);
    const second = await rotated(org.admin.api, kind, credential, 24);
    const third = await rotated(org.admin.api, kind, credential, 24);

    expect(await works(kind, credential.secret)).toBe(false);
    expect([await works(kind, second), await works(kind, third)]).toEqual([true, true]);

    const fourth = await rotated(org.admin.api, kind, credential);

    expect([await works(kind, third), await works(kind, fourth)]).toEqual([false, true]);
  });

  it('ends both secrets when it is deleted', async () => {
    const credential = await create(org.admin.api, kind);
    const second = await rotated(org.admin.api, kind, credential, 24);
    expect([await works(kind, credential.secret), await works(kind, second)]).toEqual([true, true]);

    await org.admin.api.delete(`${kind.path}/${credential.id}`);

    expect([await works(kind, credential.secret), await works(kind, second)]).toEqual([false, false]);
  });

  it('is refused once it has expired, also while it waits', async () => {
    const credential = await create(org.admin.api, kind);
    const expire = `update ${kind.table} set expires_at = clock_timestamp() - interval '1 second' where id = $1`;
    const waiting = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query(expire, [credential.id]);
      const request = rotate(org.admin.api, kind, credential);
      await waitForBlockedQuery(t);
      await client.query('commit');
      return request;
    });

    expect(refusal(waiting)).toEqual([409, 'credential_has_ended']);
    expect(refusal(await rotate(org.admin.api, kind, credential))).toEqual([409, 'credential_has_ended']);
  });

  it.each([[-1], [169], [1.5], ['1'], [null], [true]])('refuses an overlap of %p', async (overlap_hours) => {
    const credential = await create(org.admin.api, kind);

    const { status, body } = await rotate(org.admin.api, kind, credential, { overlap_hours });

    expect([status, JSON.stringify(body).includes('overlap_hours')]).toEqual([
      kind === SCIM ? 400 : 422,
      true,
    ]);
    expect(await works(kind, credential.secret)).toBe(true);
  });

  it('leaves one working secret when two rotate at once, the one that is listed', async () => {
    const credential = await create(org.admin.api, kind);

    const answers = await Promise.all([1, 2].map(() => rotate(org.admin.api, kind, credential)));

    const secrets = answers.map(({ body }) => secretOf(body));
    const working = [];
    for (const secret of secrets) if (await works(kind, secret)) working.push(secret);
    const { short_key, short_token } = await listed(org.admin.api, kind, credential.id);
    expect(working).toHaveLength(1);
    expect(short_key ?? short_token).toContain(working[0]?.slice(-4));
  });

  it('is recorded with the overlap, and a refused one as a failure', async () => {
    const credential = await create(org.admin.api, kind);
    await rotated(org.admin.api, kind, credential, 3);
    await rotate(org.admin.api, kind, { id: NO_ID });

    const entries = await t.sql(
      `select succeeded, resource_ids as ids, details->'overlap_hours' as hours from audit_entries
       where org_id = $1 and operation = $2 order by created_at`,
      [org.orgId, kind.operation],
    );
    expect(entries).toMatchObject([
      { succeeded: true, ids: [credential.id], hours: 3 },
      { succeeded: false, ids: [] },
    ]);
  });

  it('is not found in another organization, nor with an unknown id', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const credential = await create(org.admin.api, kind);

    expect((await rotate(other.admin.api, kind, credential)).status).toBe(404);
    expect((await rotate(org.admin.api, kind, { id: NO_ID })).status).toBe(404);
    expect(await works(kind, credential.secret)).toBe(true);
  });

  it('keeps a replaced secret from becoming the secret of another one', async () => {
    const [first, other] = [await create(org.admin.api, kind), await create(org.admin.api, kind)];
    await rotated(org.admin.api, kind, first, 1);

    await expect(
      t.sql(
        `update ${kind.table} set digest = (select previous_digest from ${kind.table} where id = $1) where id = $2`,
        [first.id, other.id],
      ),
    ).rejects.toMatchObject({ code: '23505', constraint: `${kind.table}_digest_key` });
  });
});

describe('a secret that a rotation has replaced', () => {
  it.each([
    ['token', TOKEN],
    ['service key', KEY],
  ])(
    'creates and rotates nothing with the %s during the overlap, and works for all else',
    async (_, kind) => {
      const [credential, other] = [await create(org.admin.api, kind), await create(org.admin.api, SCIM)];
      const second = await rotated(org.admin.api, kind, credential, 1);
      const attempts = [
        TOKENS,
        KEYS,
        '/api/v1/api-key',
        '/api/v1/api-key/current',
        SCIM_TOKENS,
        `${kind.path}/${credential.id}/rotate`,
        `${SCIM_TOKENS}/${other.id}/rotate`,
      ];

      for (const path of attempts) {
        const api = as(credential.secret).as({ workspaceId: org.workspaceId });
        expect([path, ...refusal(await api.post(path, { overlap_hours: 'x', expires_at: 7 }))]).toEqual([
          path,
          403,
          'secret_replaced',
        ]);
      }
      expect((await as(credential.secret).patch(`${ORG}/info`, { invites_enabled: true })).status).toBe(200);
      expect((await as(second).post(KEYS, ADMIN_KEY)).status).toBe(200);
    },
  );

  it('creates no webhook and no log stream, which would outlive it, and gives none a new secret', async () => {
    const key = await create(org.admin.api, KEY);
    const url = 'https://hooks.example.com/in';
    const { body: hook } = await as(key.secret).post(`${ORG}/webhooks`, { url });
    await rotated(org.admin.api, KEY, key, 1);

    for (const path of ['webhooks', 'log-streams', `webhooks/${hook.id}/rotate-secret`]) {
      const reply = await as(key.secret).post(`${ORG}/${path}`, path.endsWith('secret') ? {} : { url });
      expect([path, ...refusal(reply)]).toEqual([path, 403, 'secret_replaced']);
    }
    expect((await org.admin.api.get(`${ORG}/webhooks`)).body.items).toHaveLength(1);
    expect((await org.admin.api.get(`${ORG}/log-streams`)).body.items).toHaveLength(0);
  });

  it('creates nothing with a request that waits while it is replaced', async () => {
    const key = await create(org.admin.api, KEY);
    const [answer, created] = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      const first = rotate(org.admin.api, KEY, key, { overlap_hours: 1 });
      await waitForBlockedQuery(t);
      const second = as(key.secret).post(KEYS, ADMIN_KEY);
      await untilOthersWait(t);
      await client.query('commit');
      return Promise.all([first, second]);
    });

    expect([answer.status, ...refusal(created)]).toEqual([200, 403, 'secret_replaced']);
  });
});

describe('who rotates a personal access token', () => {
  let owner: Member;
  beforeEach(async () => {
    owner = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
  });

  it('is its owner only: others do not find it, admins are told', async () => {
    const token = await create(owner.api, TOKEN);
    const peer = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const key = await create(org.admin.api, KEY);

    expect(refusal(await rotate(peer.api, TOKEN, token))).toEqual([404, 'api_key_not_found']);
    for (const api of [org.admin.api, as(key.secret)])
      expect(refusal(await rotate(api, TOKEN, token))).toEqual([403, 'only_owners_rotate_tokens']);
    expect(await works(TOKEN, token.secret)).toBe(true);
    expect((await rotate(owner.api, TOKEN, token)).status).toBe(200);
  });

  it('is the token itself, or the one with which it was created, and no other token of the owner', async () => {
    const parent = await create(owner.api, TOKEN);
    const child = await create(as(parent.secret), TOKEN);
    const sibling = await create(owner.api, TOKEN);

    for (const target of [parent, sibling])
      expect(refusal(await rotate(as(child.secret), TOKEN, target))).toEqual([
        403,
        'rotation_outlives_caller',
      ]);
    const ofChild = await rotated(as(parent.secret), TOKEN, child);
    const ofParent = await rotated(as(parent.secret), TOKEN, parent);

    expect([await works(TOKEN, ofChild), await works(TOKEN, ofParent)]).toEqual([true, true]);
    await owner.api.post(`${TOKENS}/${parent.id}/revocation`);
    expect([await works(TOKEN, ofChild), await works(TOKEN, ofParent)]).toEqual([false, false]);
  });

  it('lets a token that rotates itself twice at once succeed once', async () => {
    const token = await create(owner.api, TOKEN);

    const answers = await Promise.all([1, 2].map(() => rotate(as(token.secret), TOKEN, token)));

    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 401]);
  });

  it('leaves a revoked token revoked, and reinstating it brings back the current secret only', async () => {
    const token = await create(owner.api, TOKEN);
    const second = await rotated(owner.api, TOKEN, token, 24);
    await owner.api.post(`${TOKENS}/${token.id}/revocation`);

    expect([await works(TOKEN, token.secret), await works(TOKEN, second)]).toEqual([false, false]);
    expect(refusal(await rotate(owner.api, TOKEN, token))).toEqual([409, 'credential_has_ended']);
    await owner.api.delete(`${TOKENS}/${token.id}/revocation`);
    expect([await works(TOKEN, token.secret), await works(TOKEN, second)]).toEqual([false, true]);
  });

  it('is refused for a token that is revoked while the rotation waits', async () => {
    const token = await create(owner.api, TOKEN);
    const [revoked, answer] = await onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [org.orgId]);
      const first = owner.api.post(`${TOKENS}/${token.id}/revocation`);
      await waitForBlockedQuery(t);
      const second = rotate(owner.api, TOKEN, token);
      await untilOthersWait(t);
      await client.query('commit');
      return Promise.all([first, second]);
    });

    expect([revoked.status, ...refusal(answer)]).toEqual([200, 409, 'credential_has_ended']);
  });

  it('may do so where no new tokens are created', async () => {
    const token = await create(owner.api, TOKEN);
    await updateOrg(org, { pat_creation_disabled: true });

    expect((await rotate(owner.api, TOKEN, token)).status).toBe(200);
  });

  it('gets the same secret again for a repeated Idempotency-Key', async () => {
    const token = await create(owner.api, TOKEN);
    const repeat = () =>
      owner.api.post(
        `${TOKENS}/${token.id}/rotate`,
        { overlap_hours: 1 },
        { headers: { 'idempotency-key': id } },
      );
    const id = randomUUID();

    const [first, second] = [await repeat(), await repeat()];

    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(await works(TOKEN, token.secret)).toBe(true);
  });
});

describe('who rotates a service key', () => {
  const inWorkspace = (role_id = role('WORKSPACE_VIEWER')) =>
    create(org.admin.api, { ...KEY, wish: { workspaces: [org.workspaceId], role_id } });

  it('holds workspaces:manage-keys in each of its workspaces, and what the key may do', async () => {
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const editor = await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const [own, { body: limited }] = [
      await inWorkspace(),
      await org.admin.api.post('/api/v1/orgs/current/roles', {
        display_name: 'Keys only',
        description: '',
        access_scope: 'workspace',
        permissions: ['workspaces:read', 'workspaces:manage-keys'],
      }),
    ];
    const keeper = await t.fixtures.member(org, { workspace: 'WORKSPACE_VIEWER' });
    await t.sql('update workspace_memberships set role_id = $1 where user_id = $2', [
      limited.id,
      keeper.userId,
    ]);

    expect(refusal(await rotate(editor.api, KEY, own))).toEqual([403, 'permission_missing']);
    expect(refusal(await rotate(keeper.api, KEY, await inWorkspace(role('WORKSPACE_ADMIN'))))).toEqual([
      403,
      'role_not_grantable',
    ]);
    expect((await rotate(lead.api, KEY, own)).status).toBe(200);
  });

  it('is an Organization Admin for a key of the whole organization', async () => {
    const operator = await operatorOf(org);
    const [admin, plain] = [
      await create(org.admin.api, KEY),
      await create(org.admin.api, { ...KEY, wish: {} }),
    ];

    expect(refusal(await rotate(operator, KEY, admin))).toEqual([403, 'operator_cannot_change_admin_key']);
    expect(refusal(await rotate(operator, KEY, plain))).toEqual([403, 'only_admins_manage_org_wide_keys']);
    expect((await rotate(org.admin.api, KEY, plain)).status).toBe(200);
  });

  it('is the key itself only while keys may create keys', async () => {
    const key = await create(org.admin.api, KEY);
    const second = await rotated(as(key.secret), KEY, key);
    await updateOrg(org, { api_key_creation_from_api_keys_enabled: false });

    expect(refusal(await rotate(as(second), KEY, key))).toEqual([403, 'key_creation_by_keys_disabled']);
    expect((await rotate(org.admin.api, KEY, key)).status).toBe(200);
  });

  it.each([
    ['service key', KEY],
    ['SCIM token', SCIM],
  ])('is no key that ends before the %s', async (_, kind) => {
    const short = await create(org.admin.api, KEY, { expires_at: '2098-01-01T00:00:00.000Z' });
    const [longer, shorter] = [
      await create(org.admin.api, kind, { expires_at: '2099-01-01T00:00:00.000Z' }),
      await create(org.admin.api, kind, { expires_at: '2097-01-01T00:00:00.000Z' }),
    ];

    expect(refusal(await rotate(as(short.secret), kind, longer))).toEqual([403, 'rotation_outlives_caller']);
    expect((await rotate(as(short.secret), kind, shorter)).status).toBe(200);
  });
});

describe('who rotates a SCIM token', () => {
  it('has the rank of an Organization Admin, and an unknown id that is no UUID is not found', async () => {
    const token = await create(org.admin.api, SCIM);
    const operator = await operatorOf(org);

    expect(refusal(await rotate(operator, SCIM, token))).toEqual([403, 'only_admins_manage_scim_tokens']);
    expect((await rotate(org.admin.api, SCIM, { id: 'one' })).status).toBe(404);
    expect(await works(SCIM, token.secret)).toBe(true);
  });
});
