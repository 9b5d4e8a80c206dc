import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type native from 'pg';
import { newId } from '../../src/database/statements/new-id.js';
import {
  type ChangesRow,
  READ_CHANGES,
  REMOVE_OLD_CHANGES,
} from '../../src/optional/access-cache/change-log.statements.js';
import { type Member, type OrgWithAdmin, role } from '../support/fixtures.js';
import { pg } from '../support/postgres-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const EVERYBODY = '00000000-0000-0000-0000-000000000000';

let t: TestApp;
let reader: native.Client;
/** Another connection, whose transactions overlap those of `t.sql`. */
let writer: native.Client;
beforeAll(async () => {
  t = await startTestApp({ CALLER_CACHE: 'off' });
  [reader, writer] = [new pg.Client(t.databaseUrl), new pg.Client(t.databaseUrl)];
  await Promise.all([reader.connect(), writer.connect()]);
});
afterEach(() => writer.query('rollback'));
afterAll(async () => {
  await Promise.all([reader.end(), writer.end()]);
  await t.close();
});

async function read(since: string | null): Promise<ChangesRow> {
  const { rows } = await reader.query<ChangesRow>(READ_CHANGES.text, [since, newId()]);
  return rows[0]!;
}

const snapshot = async () => (await read(null)).snapshot;

/** Whose access the work changes, as a reader sees it that has read the log before. */
async function changedBy(work: () => Promise<unknown>): Promise<string[]> {
  const before = await snapshot();
  await work();
  return (await read(before)).subjectIds.toSorted();
}

let org: OrgWithAdmin;
let member: Member;
let key: string;
let customRole: string;
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
  [key, customRole] = [newId(), newId()];
  await t.sql(
    `insert into roles (id, org_id, name, display_name, description, access_scope, permissions)
     values ($1, $2, 'CUSTOM', 'Reader', '', 'workspace', '{workspaces:read,runs:read}')`,
    [customRole, org.orgId],
  );
  member = await t.fixtures.member(org, { workspace: customRole });
  await t.sql(
    `insert into api_keys (id, kind, org_id, digest, short_key, description, workspace_role_id, expires_at)
     values ($1, 'service', $2, sha256(gen_random_uuid()::text::bytea), 'k', '', $3, now() + interval '1 day')`,
    [key, org.orgId, customRole],
  );
});

const sessionOf = async ({ userId }: Member): Promise<string> => {
  const [session] = await t.sql<{ id: string }>('select id from sessions where user_id = $1', [userId]);
  return session!.id;
};

/** A subject of the change: the ids that exist once the test has begun. */
type Subject = () => string | Promise<string>;
const theUser: Subject = () => member.userId;
const theOrg: Subject = () => org.orgId;
const theKey: Subject = () => key;
const theSession: Subject = () => sessionOf(member);

describe('the log of access changes', () => {
  it.each<[title: string, sql: string, id: Subject, subject: Subject]>([
    ['the end of a session', 'delete from sessions where user_id = $1', theUser, theSession],
    [
      'an earlier end of a session',
      `update sessions set expires_at = now() where user_id = $1`,
      theUser,
      theSession,
    ],
    [
      'another address of a user',
      `update users set email = id || '@new.test' where id = $1`,
      theUser,
      theUser,
    ],
    ['the removal of a member', 'delete from org_memberships where user_id = $1', theUser, theUser],
    [
      'a disabled member',
      'update org_memberships set is_disabled = true where user_id = $1',
      theUser,
      theUser,
    ],
    [
      'another role in the organization',
      `update org_memberships set role_id = '${role('ORGANIZATION_VIEWER')}' where user_id = $1`,
      theUser,
      theUser,
    ],
    [
      'another role in a workspace',
      `update workspace_memberships set role_id = '${role('WORKSPACE_VIEWER')}' where user_id = $1`,
      theUser,
      theUser,
    ],
    [
      'the removal from a workspace',
      'delete from workspace_memberships where user_id = $1',
      theUser,
      theUser,
    ],
    ['a deleted key', 'delete from api_keys where id = $1', theKey, theKey],
    ['another expiry of a key', 'update api_keys set expires_at = now() where id = $1', theKey, theKey],
    [
      'a workspace of a key',
      `insert into api_key_workspaces (api_key_id, workspace_id, org_id)
       select k.id, w.id, w.org_id from api_keys k join workspaces w on w.org_id = k.org_id where k.id = $1`,
      theKey,
      theKey,
    ],
    [
      'other permissions of a custom role',
      `update roles set permissions = '{workspaces:read}' where org_id = $1`,
      theOrg,
      theOrg,
    ],
    ['single sign-on alone', 'update organizations set sso_only = true where id = $1', theOrg, theOrg],
    [
      'a new workspace',
      `insert into workspaces (id, org_id, display_name) values (gen_random_uuid(), $1, 'New')`,
      theOrg,
      theOrg,
    ],
    [
      'another name of a workspace',
      `update workspaces set display_name = 'Renamed' where org_id = $1`,
      theOrg,
      theOrg,
    ],
  ])('names whom %s concerns', async (_, sql, id, subject) => {
    const [value, expected] = [await id(), await subject()];

    expect(await changedBy(() => t.sql(sql, [value]))).toEqual([expected]);
  });

  it('names the user when a user group gives or takes a role', async () => {
    const [group, grant] = [newId(), newId()];
    const give = async () => {
      await t.sql(`insert into user_groups (id, org_id, name) values ($1, $2, 'Group')`, [group, org.orgId]);
      await t.sql(
        `insert into user_groups (id, org_id, name, parent_user_group_id, workspace_id, role_id)
         values ($1, $2, 'Grant', $3, $4, $5)`,
        [grant, org.orgId, group, org.workspaceId, customRole],
      );
      await t.sql(
        `insert into user_group_members (user_group_id, user_id, org_id, source) values ($1, $2, $3, 'manual')`,
        [group, member.userId, org.orgId],
      );
    };

    expect(await changedBy(give)).toEqual([member.userId]);
    expect(await changedBy(() => t.sql('delete from user_groups where id = $1', [grant]))).toEqual([
      member.userId,
    ]);
  });

  it('names the members of a deleted organization, and it', async () => {
    const { orgId, admin } = await t.fixtures.orgWithAdmin();
    const remove = () => t.sql('delete from organizations where id = $1', [orgId]);

    expect(await changedBy(remove)).toEqual([orgId, admin.userId].toSorted());
  });

  it.each([
    [
      'an organization is disabled',
      () => `update organizations set is_disabled = true where id = '${org.orgId}'`,
    ],
    [
      'a system role changes',
      () => "update roles set display_name = 'Other' where name = 'WORKSPACE_VIEWER'",
    ],
    ['a table is truncated', () => 'truncate sessions cascade'],
  ])('names everybody when %s', async (_, sql) => {
    expect(await changedBy(() => t.sql(sql()))).toContain(EVERYBODY);
  });

  it('names everybody instead of more than 200 users whom one statement concerns', async () => {
    const add = (count: number) => `
      with people as (insert into users (id, email) select gen_random_uuid(), gen_random_uuid() || '@many.test'
        from generate_series(1, ${count}) returning id, email)
      insert into org_memberships (id, org_id, user_id, user_email, role_id, source, created_via)
      select gen_random_uuid(), '${org.orgId}', id, email, '${role('ORGANIZATION_USER')}', 'manual', 'direct_add' from people`;
    await t.sql(add(200));
    const remove = `delete from org_memberships where org_id = $1 and user_id <> all($2)`;
    const kept = [member.userId, org.admin.userId];

    expect(await changedBy(() => t.sql(remove, [org.orgId, kept]))).toHaveLength(200);
    await t.sql(add(201));
    expect(await changedBy(() => t.sql(remove, [org.orgId, kept]))).toEqual([EVERYBODY]);
  });

  it('names a user who existed when they join an organization, and no user who is created with it', async () => {
    const person = await t.fixtures.userWithoutOrg();
    const join = () => t.fixtures.addMember(org, person, { workspace: 'WORKSPACE_USER' });

    expect(await changedBy(() => t.fixtures.orgWithAdmin())).toEqual([]);
    expect(await changedBy(() => t.fixtures.member(org, { workspace: 'WORKSPACE_USER' }))).toEqual([]);
    expect(await changedBy(join)).toEqual([person.userId]);
  });

  it.each<[title: string, sql: string, id: Subject]>([
    ['the last use of a session', 'update sessions set last_used_at = now() where user_id = $1', theUser],
    [
      'a later end of a session',
      `update sessions set expires_at = expires_at + interval '1 hour' where user_id = $1`,
      theUser,
    ],
    ['the last use of a key', 'update api_keys set last_used_at = now() where id = $1', theKey],
    ['the name of a user', `update users set full_name = 'Ann' where id = $1`, theUser],
    ['the source of a membership', `update org_memberships set source = 'scim' where user_id = $1`, theUser],
    ['an update without a change', 'update organizations set sso_only = sso_only where id = $1', theOrg],
    [
      'a new session',
      `insert into sessions (id, user_id, expires_at) values (gen_random_uuid(), $1, now() + interval '1 day')`,
      theUser,
    ],
  ])('has no entry for %s', async (_, sql, id) => {
    expect(await changedBy(async () => t.sql(sql, [await id()]))).toEqual([]);
  });
});

describe('reading the log', () => {
  const removeKey = (client: { query: native.Client['query'] }) =>
    client.query('delete from api_keys where id = $1', [key]);

  it('returns each change once, after its commit', async () => {
    const first = await snapshot();
    await writer.query('begin');
    await removeKey(writer);
    const before = await read(first);
    await writer.query('commit');
    const after = await read(before.snapshot);

    expect([before.subjectIds, after.subjectIds]).toEqual([[], [key]]);
    expect((await read(after.snapshot)).subjectIds).toEqual([]);
  });

  it('returns a change that committed late, although younger ones were read before', async () => {
    await writer.query('begin');
    await removeKey(writer);
    const first = await snapshot();
    await t.sql('update organizations set sso_only = true where id = $1', [org.orgId]);
    const second = await read(first);
    await writer.query('commit');

    expect(second.subjectIds).toEqual([org.orgId]);
    expect((await read(second.snapshot)).subjectIds).toEqual([key]);
  });

  it('returns a change in a transaction that went back to a savepoint, and none that was rolled back', async () => {
    const first = await snapshot();
    await writer.query('begin; savepoint a');
    await removeKey(writer);
    await writer.query('rollback to savepoint a; savepoint b');
    await writer.query('update organizations set sso_only = true where id = $1', [org.orgId]);
    await writer.query('release savepoint b; commit');

    expect((await read(first)).subjectIds).toEqual([org.orgId]);
  });

  it('tells the client which transaction changed access', async () => {
    const notices: (string | undefined)[] = [];
    writer.on('notice', ({ message, detail }) => notices.push(`${message} ${detail}`));
    await writer.query('begin; set local client_min_messages = error');
    await removeKey(writer);
    const { rows } = await writer.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
    await writer.query('update users set full_name = full_name');

    expect(notices).toEqual([`access changed ${rows[0]!.xid}`]);
  });

  it('keeps a change whose transaction had not committed when the snapshot for the removal was taken', async () => {
    const first = await snapshot();
    await writer.query('begin');
    await removeKey(writer);
    await t.sql('update organizations set sso_only = true where id = $1', [org.orgId]);
    const taken = await snapshot();
    await writer.query('commit');
    await t.sql(REMOVE_OLD_CHANGES.text, [taken]);

    expect((await read(first)).subjectIds).toEqual([key]);
  });
});
