import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../src/database/statements/new-id.js';
import type { Api, Reply } from '../support/api.js';
import { onOwnConnection } from '../support/audit-log.js';
import { type Member, type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { invitation, ORG_MEMBERS } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

const ME = '/api/v1/orgs?skip_create=true';

let t: TestApp;
let org: OrgWithAdmin;
let admin: Member;
beforeAll(async () => {
  t = await startTestApp();
  org = await t.fixtures.defaultOrg();
  ({ admin } = org);
});
afterAll(() => t.close());

const sessionsOf = ({ membershipId }: Pick<Member, 'membershipId'>) =>
  `${ORG_MEMBERS}/${membershipId}/sessions`;
const codeOf = ({ status, headers }: Reply) => [status, headers.get('x-error-code')];
const signIn = async ({ email, password }: Person) =>
  t.api.as({ token: await t.fixtures.login(email, password) });
const statusOf = async (api: Api) => (await api.get(ME)).status;
const SHARED = [409, 'sessions_are_shared'];

const endings = (membershipId: string) =>
  t.sql(
    `select org_id, user_id, succeeded, details - 'request_id' as details from audit_entries
     where operation = 'delete_org_member_sessions' and resource_ids = array[$1]::uuid[]`,
    [membershipId],
  );

/** A member of the organization who is in another one, too. `caller`: the admin's role there, null for none. */
async function sharedMember(caller: 'ORGANIZATION_ADMIN' | 'ORGANIZATION_OPERATOR' | null) {
  const person = await t.fixtures.member(org, {});
  const other = await t.fixtures.orgWithAdmin();
  await t.fixtures.addMember(other, person, {});
  if (caller) await t.fixtures.addMember(other, admin, { org: caller });
  return { person, other };
}

describe('the sessions of a member', () => {
  it('an admin reads how many there are and when one was last used, and nothing else', async () => {
    const person = await t.fixtures.member(org, {});
    const session = await signIn(person);
    await t.sql(`update sessions set created_at = now() - interval '2 days' where user_id = $1`, [
      person.userId,
    ]);
    const [used] = await t.sql<{ at: Date }>(
      `update sessions set last_used_at = now() - interval '1 hour' where id = $1 returning last_used_at as at`,
      [(await session.get('/api/v1/me/sessions')).body[0].id],
    );

    expect(await admin.api.get(sessionsOf(person))).toMatchObject({
      status: 200,
      body: { count: 2, last_used_at: used?.at.toISOString() },
    });
    expect(Object.keys((await admin.api.get(sessionsOf(person))).body)).toEqual(['count', 'last_used_at']);
  });

  it('an admin reads when they were opened if none was used, and no expired ones', async () => {
    const person = await t.fixtures.member(org, {});
    const [opened] = await t.sql<{ at: Date }>('select created_at as at from sessions where user_id = $1', [
      person.userId,
    ]);
    expect((await admin.api.get(sessionsOf(person))).body).toEqual({
      count: 1,
      last_used_at: opened?.at.toISOString(),
    });

    await t.sql(`update sessions set expires_at = now() - interval '1 second' where user_id = $1`, [
      person.userId,
    ]);

    expect((await admin.api.get(sessionsOf(person))).body).toEqual({ count: 0, last_used_at: null });
  });

  it('an admin ends all of them and no others, which writes an audit entry', async () => {
    const person = await t.fixtures.member(org, {});
    const other = await t.fixtures.member(org, {});
    const sessions = [person.api, await signIn(person)];

    expect((await admin.api.delete(sessionsOf(person))).status).toBe(204);

    for (const session of sessions) expect(await statusOf(session)).toBe(401);
    expect(await statusOf(other.api)).toBe(200);
    expect(await statusOf(admin.api)).toBe(200);
    const entry = { org_id: org.orgId, user_id: admin.userId, succeeded: true };
    const details = { resource_owner_ls_user_id: person.userId };
    expect(await endings(person.membershipId)).toEqual([{ ...entry, details: { ...details, sessions: 2 } }]);
    expect((await admin.api.delete(sessionsOf(person))).status).toBe(204);
    expect(await statusOf(await signIn(person))).toBe(200);
  });

  it('an admin ends their own, too, the current one included', async () => {
    const caller = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });

    expect((await caller.api.delete(sessionsOf(caller))).status).toBe(204);

    expect(await statusOf(caller.api)).toBe(401);
  });
});

describe('the sessions of a member, refused', () => {
  it.each(['ORGANIZATION_OPERATOR', 'ORGANIZATION_USER', 'ORGANIZATION_VIEWER'] as const)(
    'returns 403 to an %s',
    async (name) => {
      const person = await t.fixtures.member(org, {});
      const { api } = await t.fixtures.member(org, { org: name, workspace: 'WORKSPACE_ADMIN' });
      const refusal = [
        403,
        name === 'ORGANIZATION_OPERATOR' ? 'only_admins_manage_sessions' : 'permission_missing',
      ];

      expect(codeOf(await api.get(sessionsOf(person)))).toEqual(refusal);
      expect(codeOf(await api.delete(sessionsOf(person)))).toEqual(refusal);
      expect(codeOf(await api.delete(`${ORG_MEMBERS}/nonsense/sessions`))).toEqual(refusal);
      expect(await statusOf(person.api)).toBe(200);
    },
  );

  it('returns 403 to keys that end them, which may count them', async () => {
    const person = await t.fixtures.member(org, {});
    const token = await admin.api.post('/api/v1/api-key/current', { description: 'script' });
    const service = await admin.api.post('/api/v1/orgs/current/service-keys', {
      org_role_id: role('ORGANIZATION_ADMIN'),
    });

    for (const { body } of [token, service]) {
      const key = t.api.as({ key: body.key, orgId: org.orgId });
      expect((await key.get(sessionsOf(person))).status).toBe(200);
      expect(codeOf(await key.delete(sessionsOf(person)))).toEqual([403, 'session_required']);
    }
    expect(await statusOf(person.api)).toBe(200);
  });

  it('returns 404 for a member of another organization and for an invitation, and 422 for what is no id', async () => {
    const other = await t.fixtures.orgWithAdmin();
    const stranger = await t.fixtures.member(other, {});
    const invited = { membershipId: await invitation(org, { email: t.fixtures.email() }) };

    for (const method of ['get', 'delete'] as const) {
      for (const unknown of [stranger, invited, { membershipId: newId() }])
        expect(codeOf(await admin.api[method](sessionsOf(unknown)))).toEqual([404, 'member_not_found']);
      expect((await admin.api[method](sessionsOf({ membershipId: 'nonsense' }))).status).toBe(422);
    }
    expect(await statusOf(stranger.api)).toBe(200);
  });
});

describe('ending the sessions of a member who is in another organization', () => {
  it.each([null, 'ORGANIZATION_OPERATOR'] as const)(
    'returns 409 and ends none if the caller is %s there',
    async (caller) => {
      const { person } = await sharedMember(caller);

      const reply = await admin.api.delete(sessionsOf(person));

      expect(codeOf(reply)).toEqual(SHARED);
      expect(reply.body.detail).toMatch(/They can do so themselves/);
      expect(reply.headers.get('x-should-retry')).toBe('false');
      expect(await statusOf(person.api)).toBe(200);
      expect(await endings(person.membershipId)).toEqual([]);
      expect((await admin.api.get(sessionsOf(person))).body).toMatchObject({ count: 1 });
    },
  );

  it('returns 409 if the caller was an admin there and is disabled', async () => {
    const { person, other } = await sharedMember('ORGANIZATION_ADMIN');
    await t.sql('update org_memberships set is_disabled = true where org_id = $1 and user_id = $2', [
      other.orgId,
      admin.userId,
    ]);

    expect(codeOf(await admin.api.delete(sessionsOf(person)))).toEqual(SHARED);
  });

  it('ends them if the caller is an admin there', async () => {
    const { person } = await sharedMember('ORGANIZATION_ADMIN');

    expect((await admin.api.delete(sessionsOf(person))).status).toBe(204);

    expect(await statusOf(person.api)).toBe(401);
  });

  it.each([
    [
      'the member is disabled there',
      'update org_memberships set is_disabled = true where org_id = $1 and user_id = $2',
    ],
    ['it is disabled', 'update organizations set is_disabled = true where id = $1 and $2::uuid is not null'],
    ['it is personal', 'update organizations set is_personal = true where id = $1 and $2::uuid is not null'],
  ])('ends them if %s', async (_, update) => {
    const { person, other } = await sharedMember(null);
    await t.sql(update, [other.orgId, person.userId]);

    expect((await admin.api.delete(sessionsOf(person))).status).toBe(204);
  });

  it('returns 409 for a member of a personal organization who has one of their own', async () => {
    const [host, own] = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const guest = await t.fixtures.addMember(host, own.admin, {});
    await t.sql('update organizations set is_personal = true where id = any($1)', [[host.orgId, own.orgId]]);
    const [membership] = await t.sql<{ id: string }>(
      'select id from org_memberships where org_id = $1 and user_id = $2',
      [host.orgId, guest.id],
    );

    const reply = await host.admin.api.delete(sessionsOf({ membershipId: membership?.id ?? '' }));

    expect(codeOf(reply)).toEqual(SHARED);
  });
});

describe('ending the sessions of a member at the same moment', () => {
  type Change = { sql: string; values: readonly unknown[] };

  /** The response to the ending that begins while the change is not committed yet. */
  const endDuring = (person: Member, { sql, values }: Change) =>
    onOwnConnection(t, async (client) => {
      await client.query('begin');
      await client.query(sql, [...values]);
      const reply = admin.api.delete(sessionsOf(person));
      await waitForBlockedQuery(t);
      await client.query('commit');
      return codeOf(await reply);
    });

  it('returns 409 if they join another organization', async () => {
    const person = await t.fixtures.member(org, {});
    const { orgId } = await t.fixtures.orgWithAdmin();
    const sql = `insert into org_memberships (id, org_id, user_id, role_id, source, created_via)
      values ($1, $2, $3, $4, 'manual', 'direct_add')`;

    const values = [newId(), orgId, person.userId, role('ORGANIZATION_USER')];

    expect(await endDuring(person, { sql, values })).toEqual(SHARED);
    expect(await statusOf(person.api)).toBe(200);
  });

  it('returns 409 if they are enabled in another organization', async () => {
    const { person, other } = await sharedMember(null);
    const set = (isDisabled: boolean) =>
      `update org_memberships set is_disabled = ${isDisabled} where org_id = $1 and user_id = $2`;
    const values = [other.orgId, person.userId];
    await t.sql(set(true), values);

    expect(await endDuring(person, { sql: set(false), values })).toEqual(SHARED);
  });

  it('returns 409 if the caller is demoted in the other organization', async () => {
    const { person, other } = await sharedMember('ORGANIZATION_ADMIN');
    const sql = 'update org_memberships set role_id = $3 where org_id = $1 and user_id = $2';
    const values = [other.orgId, admin.userId, role('ORGANIZATION_USER')];

    expect(await endDuring(person, { sql, values })).toEqual(SHARED);
  });

  it('ends the session of a sign-in that commits first', async () => {
    const person = await t.fixtures.member(org, {});
    const sql = `insert into sessions (id, user_id, expires_at) values ($1, $2, now() + interval '1 day')`;

    expect(await endDuring(person, { sql, values: [newId(), person.userId] })).toEqual([204, null]);

    expect(await t.sql('select id from sessions where user_id = $1', [person.userId])).toEqual([]);
  });
});
