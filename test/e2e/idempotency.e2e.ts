import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SystemRoleName } from '../../src/modules/roles/index.js';
import { SILENT_REPLICA_MS, timed, withSilentReplica } from '../support/access-changes/silent-replica.js';
import type { Api } from '../support/api.js';
import { auditOf } from '../support/audit.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import {
  customRole,
  invitation,
  invitationsOf,
  ORG_BATCH,
  ORG_MEMBERS,
  WORKSPACE_BATCH,
} from '../support/invitations.js';
import { columnsContaining, rowCounts } from '../support/stored-text.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const SERVICE_KEYS = '/api/v1/orgs/current/service-keys';

let t: TestApp;
let replica: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp();
  replica = await startTestApp({}, t.databaseUrl);
  org = await t.fixtures.orgWithAdmin();
});
afterAll(async () => {
  await replica.close();
  await t.close();
});

const under = (key: string) => ({ headers: { 'idempotency-key': key } });
const isReplay = ({ headers }: { headers: Headers }) => headers.get('idempotency-replayed') === 'true';
const people = (count: number) => Array.from({ length: count }, () => ({ email: t.fixtures.email() }));

describe('a request with an Idempotency-Key', () => {
  const routes: [string, () => unknown][] = [
    [ORG_MEMBERS, () => ({ email: t.fixtures.email() })],
    [ORG_BATCH, () => people(3)],
    [WORKSPACE_BATCH, () => people(3)],
    [`${ORG_MEMBERS}/basic/batch`, () => people(2)],
    ['/api/v1/api-key', () => ({ description: 'CI' })],
    ['/api/v1/api-key/current', () => undefined],
    ['/api/v1/orgs/current/personal-access-tokens', () => ({ description: 'mine' })],
    [SERVICE_KEYS, () => ({ description: 'CI' })],
  ];

  it.each(routes)('returns the first response again and changes nothing: POST %s', async (path, bodyOf) => {
    const [key, body] = [randomUUID(), bodyOf()];

    const first = await org.admin.api.post(path, body, under(key));
    const before = await rowCounts(t.sql, ['audit_seals']);
    const second = await org.admin.api.post(path, body, under(key));
    const elsewhere = await org.admin.api.at(replica.url).post(path, body, under(key));

    expect(first.status).toBe(200);
    expect([first, second, elsewhere].map(isReplay)).toEqual([false, true, true]);
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect([elsewhere.status, elsewhere.body]).toEqual([200, first.body]);
    expect(await rowCounts(t.sql, ['audit_seals'])).toEqual(before);
  });

  it('adds a member to a workspace once for two requests with one Idempotency-Key', async () => {
    const { userId } = await t.fixtures.member(org, {});
    const body = { user_id: userId, role_id: role('WORKSPACE_USER') };
    const add = () => org.admin.api.post('/api/v1/workspaces/current/members', body, under('add'));

    const [first, second] = [await add(), await add()];

    expect([first.status, second.status, second.body]).toEqual([200, 200, first.body]);
  });

  it('repeats the response to a change of access when the change holds on every replica', async () => {
    const { userId } = await t.fixtures.member(org, {});
    const body = { user_id: userId, role_id: role('WORKSPACE_USER') };
    const add = () => org.admin.api.post('/api/v1/workspaces/current/members', body, under(userId));

    const responses = await withSilentReplica(t, () => Promise.all([timed(add), timed(add)]));

    expect(responses.filter(({ result }) => isReplay(result))).toHaveLength(1);
    for (const { ms } of responses) expect(ms).toBeGreaterThanOrEqual(SILENT_REPLICA_MS);
  });

  it('returns a new API key again, which the stored response does not reveal to a reader of the database', async () => {
    const make = () => org.admin.api.post(SERVICE_KEYS, { description: 'CI' }, under('a-secret'));

    const { body: made } = await make();
    const { body: again } = await make();

    expect(again.key).toBe(made.key);
    expect((await t.api.as({ key: again.key }).get('/api/v1/orgs/current/info')).status).toBe(200);
    expect(await columnsContaining(t.sql, made.key.slice(8, 40))).toEqual([]);
    expect(await columnsContaining(t.sql, 'a-secret')).toEqual([]);
  });

  it('performs a request once that is sent many times at once to two servers', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const [rows, keys] = [people(20), { description: 'at once' }];
    const send = (path: string, body: unknown) =>
      Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (index % 2 ? other.admin.api : other.admin.api.at(replica.url)).post(path, body, under(path)),
        ),
      );

    for (const replies of [await send(ORG_BATCH, rows), await send(SERVICE_KEYS, keys)]) {
      expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
      expect(replies.map(({ body }) => body)).toEqual(replies.map(() => replies[0]!.body));
      expect(replies.filter((reply) => !isReplay(reply))).toHaveLength(1);
    }
    const done = await auditOf(t, other.orgId, ['invite_users_to_org_batch', 'create_service_key']);
    expect(done).toHaveLength(2);
  });
});

describe('the Idempotency-Key itself', () => {
  it('returns 422 when an Idempotency-Key comes with another body, route or workspace', async () => {
    const body = people(1);
    await org.admin.api.post(ORG_BATCH, body, under('one'));
    const before = await rowCounts(t.sql, ['audit_entries', 'audit_seals']);

    const others = [
      await org.admin.api.post(ORG_BATCH, people(1), under('one')),
      await org.admin.api.post(WORKSPACE_BATCH, body, under('one')),
      await org.admin.api.as({ workspaceId: '' }).post(ORG_BATCH, body, under('one')),
    ];

    for (const { status, body: refusal } of others) {
      expect(status).toBe(422);
      expect(refusal.detail[0]).toMatchObject({ loc: ['header', 'idempotency-key'], type: 'value_error' });
    }
    expect(await rowCounts(t.sql, ['audit_entries', 'audit_seals'])).toEqual(before);
    expect(isReplay(await org.admin.api.post(`${ORG_BATCH}/`, body, under('one')))).toBe(true); // the same route
  });

  it('keeps Idempotency-Keys separate per credential and organization', async () => {
    const make = async (api: Api) => {
      const { status, body } = await api.post(SERVICE_KEYS, {}, under('mine'));
      expect(status).toBe(200);
      return body.id as string;
    };
    const inNoWorkspace = org.admin.api.as({ workspaceId: '' });
    const { body } = await org.admin.api.post(SERVICE_KEYS, { org_role_id: role('ORGANIZATION_ADMIN') });
    const elsewhere = await t.fixtures.orgWithAdmin();
    await t.fixtures.addMember(elsewhere, org.admin, { org: 'ORGANIZATION_ADMIN' });
    const token = await t.fixtures.login(org.admin.email, org.admin.password);

    const ids = [
      await make(inNoWorkspace),
      await make(inNoWorkspace.as({ token })),
      await make(t.api.as({ key: body.key })),
      await make(inNoWorkspace.as({ orgId: elsewhere.orgId })),
    ];

    expect(new Set(ids).size).toBe(4);
  });

  it('returns 403 instead of the stored response once the caller lacks the permission', async () => {
    const person = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
    const make = () => person.api.post(SERVICE_KEYS, {}, under('demoted'));
    expect((await make()).status).toBe(200);

    await org.admin.api.patch(`${ORG_MEMBERS}/${person.membershipId}`, {
      role_id: role('ORGANIZATION_VIEWER'),
    });

    expect((await make()).status).toBe(403);
  });

  it.each([
    ['empty', ''],
    ['too long', 'k'.repeat(256)],
    ['not ASCII', 'k\u00e9y'],
  ])('returns 422 for an Idempotency-Key that is %s', async (_what, key) => {
    const { status, body } = await org.admin.api.post(ORG_BATCH, people(1), under(key));

    expect(status).toBe(422);
    expect(body.detail[0].loc).toEqual(['header', 'idempotency-key']);
  });

  it('deletes an Idempotency-Key after 24 hours', async () => {
    const api = org.admin.api;
    const make = (key: string) => api.post(SERVICE_KEYS, {}, under(key));
    const [{ body: first }] = [await make('old'), await make('older')];
    const [row] = await t.sql<{ hours: number }>(
      `select (extract(epoch from max(expires_at) - now()) / 3600)::float8 as hours from idempotency_keys`,
    );
    expect(row!.hours).toBeCloseTo(24, 1);

    await t.sql(`update idempotency_keys set expires_at = now() - interval '1 second'`);
    const again = await make('old');

    expect(isReplay(again)).toBe(false);
    expect(again.body.id).not.toBe(first.id);
    expect(isReplay(await make('old'))).toBe(true);
    expect(await t.sql('select from idempotency_keys where expires_at < now()')).toEqual([]);
  });
});

describe('a failed request with an Idempotency-Key', () => {
  it('stores no failed response, so that a retry with the same key may succeed', async () => {
    const email = t.fixtures.email();
    const invite = (body: unknown) => org.admin.api.post(ORG_MEMBERS, body, under(`for ${email}`));
    const first = await invitation(org, { email });

    expect((await invite({ email })).status).toBe(409);
    expect((await invite({ email: 'not-an-address' })).status).toBe(422);
    expect((await org.admin.api.post(ORG_MEMBERS, undefined, { raw: '{', ...under('x') })).status).toBe(422);
    await org.admin.api.delete(`${ORG_MEMBERS}/${first}/pending`);
    const second = await invite({ email });

    expect(second.status).toBe(200);
    expect(isReplay(second)).toBe(false);
    expect((await invite({ email })).body).toEqual(second.body);
  });

  it('rolls the request back when its response cannot be stored', async () => {
    const [other, rows] = [await t.fixtures.orgWithAdmin(), people(2)];
    await t.sql(
      `create function break_it() returns trigger language plpgsql as $$ begin raise 'broken'; end $$`,
    );
    await t.sql(
      'create trigger broken before update on idempotency_keys for each row execute function break_it()',
    );
    const before = await rowCounts(t.sql, ['audit_entries', 'audit_seals']);

    await expect(other.admin.api.post(ORG_BATCH, rows, under('broken'))).rejects.toThrow('returned 500');

    expect(await rowCounts(t.sql, ['audit_entries', 'audit_seals'])).toEqual(before);
    await t.sql('drop trigger broken on idempotency_keys');
    const { status } = await other.admin.api.post(ORG_BATCH, rows, under('broken'));
    expect([status, (await invitationsOf(t, other)).length]).toEqual([200, 2]);
  });
});

describe('a repeated request that has made a secret', () => {
  const ADMINS = { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' } as const;
  const demoted = (person: Member, org_role: SystemRoleName) =>
    org.admin.api.patch(`${ORG_MEMBERS}/${person.membershipId}`, { role_id: role(org_role) });

  it('returns no key again to a caller who could not create it now', async () => {
    const person = await t.fixtures.member(org, ADMINS);
    const bodies = [
      { description: 'all', org_role_id: role('ORGANIZATION_ADMIN') },
      { description: 'one', workspaces: [org.workspaceId], role_id: role('WORKSPACE_ADMIN') },
    ];
    const make = (index: number) => person.api.post(SERVICE_KEYS, bodies[index], under(`secret ${index}`));
    const [all, one] = [await make(0), await make(1)];

    await demoted(person, 'ORGANIZATION_OPERATOR');
    const before = await rowCounts(t.sql, ['audit_entries', 'audit_seals']);
    const again = [await make(0), await make(1)];

    expect([all.status, one.status]).toEqual([200, 200]);
    expect(again.map(({ status }) => status)).toEqual([403, 200]);
    expect(again[0]!.headers.get('x-error-code')).toBe('only_admins_manage_org_wide_keys');
    expect(JSON.stringify(again[0]!.body)).not.toContain(all.body.key.slice(8));
    expect([again[1]!.body, isReplay(again[1]!)]).toEqual([one.body, true]);
    expect(await rowCounts(t.sql, ['audit_entries', 'audit_seals'])).toEqual(before);
    const refused = await auditOf(t, org.orgId, ['create_service_key']);
    expect(refused.at(-1)).toMatchObject({ userId: person.userId, succeeded: false });

    await demoted(person, 'ORGANIZATION_ADMIN');
    expect((await make(0)).body).toEqual(all.body);
  });

  it('returns no rotated key again to a caller who could not rotate it now', async () => {
    const person = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const { body } = await person.api.post('/api/v1/api-key', { role_id: role('WORKSPACE_ADMIN') });
    const rotate = () => person.api.post(`${SERVICE_KEYS}/${body.id}/rotate`, {}, under('rotated'));
    const first = await rotate();
    const custom = await customRole(org, ['workspaces:read', 'workspaces:manage-keys']);
    const [place] = (
      await org.admin.api.get('/api/v1/workspaces/current/members/active?limit=500')
    ).body.filter(({ ls_user_id: id }: { ls_user_id: string }) => id === person.userId);
    expect((await rotate()).body).toEqual(first.body);

    await org.admin.api.patch(`/api/v1/workspaces/current/members/${place.id}`, { role_id: custom });

    expect((await rotate()).status).toBe(403);
    expect((await t.api.as({ key: first.body.key }).get('/api/v1/workspaces/current/members')).status).toBe(
      200,
    );
  });
});
