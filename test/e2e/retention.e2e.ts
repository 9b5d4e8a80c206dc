/** @takes-long */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { invitation, ORG_MEMBERS } from '../support/invitations.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const OFTEN = { TEST_REMOVAL_EVERY_MS: '200' };
const KEEPING = {
  ...OFTEN,
  INVITATION_RETENTION_DAYS: '0',
  KEY_RETENTION_DAYS: '0',
  DELETED_WORKSPACE_RETENTION_DAYS: '0',
};

/** A table, and SQL that inserts a row whose time was `$2` days ago; $1: organization, $3: user. */
const INSERTS: Readonly<Record<string, string>> = {
  api_keys: `
    insert into api_keys (id, kind, org_id, user_id, digest, short_key, description, expires_at)
    values (gen_random_uuid(), 'pat', $1, $3, uuid_send(gen_random_uuid()), 'short', '', now() - make_interval(days => $2))
    returning id`,
  scim_tokens: `
    insert into scim_tokens (id, org_id, digest, short_token, description, created_by_user_id, expires_at)
    values (gen_random_uuid(), $1, uuid_send(gen_random_uuid()), 'short', '', $3, now() - make_interval(days => $2))
    returning id`,
  deleted_workspaces: `
    insert into deleted_workspaces (id, org_id, display_name, created_at, deleted_at)
    values (gen_random_uuid(), $1, coalesce($3::text, ''), now(), now() - make_interval(days => $2)) returning id`,
  email_confirmations: `
    with person as (
      insert into users (id, email) values (gen_random_uuid(), gen_random_uuid() || '@example.com') returning id, email)
    insert into email_confirmations (user_id, digest, email, expires_at)
    select id, uuid_send(id), email, now() - make_interval(days => $2) from person
    where $1::text is not null and $3::text is not null returning user_id as id`,
  break_glass_passwords: `
    with person as (
      insert into users (id, email) values (gen_random_uuid(), gen_random_uuid() || '@example.com') returning id)
    insert into break_glass_passwords (user_id, digest, expires_at)
    select id, '', now() - make_interval(days => $2) from person
    where $1::text is not null and $3::text is not null returning user_id as id`,
  expiry_announcements: `
    insert into expiry_announcements (subject, days_before, expires_at, is_mailed)
    select gen_random_uuid(), 7, now() - make_interval(days => $2), true
    where $1::text is not null and $3::text is not null returning subject as id`,
  mails: `
    insert into mails (id, kind, org_id, user_id, created_at)
    values (gen_random_uuid(), 'webhook-mails', $1, $3, now() - make_interval(days => $2)) returning id`,
  webhook_attempts: `
    with hook as (
      insert into webhooks (id, org_id, url, description, secret, public_key, disabled_at, disabled_reason)
      values (gen_random_uuid(), $1, 'https://127.0.0.1:9/', '', '', '', now(), 'admin') returning id, org_id)
    insert into webhook_attempts
      (id, webhook_id, event_id, event_type, attempt, attempted_at, duration_ms, succeeded)
    select gen_random_uuid(), id, '', '', 1, now() - make_interval(days => $2), 1, false from hook
    where $3::text is not null returning id`,
  webhook_deliveries: `
    with hook as (
      insert into webhooks (id, org_id, url, description, secret, public_key, disabled_at, disabled_reason)
      values (gen_random_uuid(), $1, 'https://127.0.0.1:9/', '', '', '', now(), 'admin') returning id, org_id)
    insert into webhook_deliveries (webhook_id, event_id, position, attempts, created_at)
    select id, gen_random_uuid(), 1, 1, now() - make_interval(days => $2) from hook
    where $3::text is not null returning event_id as id`,
  sessions: `
    insert into sessions (id, user_id, expires_at)
    select gen_random_uuid(), $3, now() - make_interval(days => $2) where $1::text is not null returning id`,
  test_sign_ins: `
    with session as (
      insert into sessions (id, user_id, expires_at) values (gen_random_uuid(), $3, now() + interval '1 day') returning id)
    insert into test_sign_ins (id, session_id, org_id, expires_at)
    select gen_random_uuid(), id, $1, now() - make_interval(days => $2) from session returning id`,
  used_login_states: `
    insert into used_login_states (digest, expires_at)
    select uuid_send(gen_random_uuid()), now() - make_interval(days => $2)
    where $1::text is not null and $3::text is not null returning digest as id`,
  used_logout_tokens: `
    insert into used_logout_tokens (digest, expires_at)
    select uuid_send(gen_random_uuid()), now() - make_interval(days => $2)
    where $1::text is not null and $3::text is not null returning digest as id`,
  audit_names: `
    insert into audit_names (org_id, person_id, ids, email, named_at)
    select $1, gen_random_uuid(), '{}', '', now() - make_interval(days => $2) where $3::text is not null
    returning person_id as id`,
  invitations: `
    insert into invitations (id, org_id, email, org_role_id, from_workspace, invited_by_user_id, expires_at)
    select gen_random_uuid(), $1, gen_random_uuid() || '@example.com', role_id, false, $3, now() - make_interval(days => $2)
    from org_memberships where org_id = $1 limit 1 returning id`,
};

/** Where it is not `id`. */
const KEYS: Readonly<Record<string, string>> = {
  audit_names: 'person_id',
  email_confirmations: 'user_id',
  break_glass_passwords: 'user_id',
  expiry_announcements: 'subject',
  webhook_deliveries: 'event_id',
  used_login_states: 'digest',
  used_logout_tokens: 'digest',
};

let t: TestApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startTestApp(OFTEN);
  org = await t.fixtures.orgWithAdmin();
});
afterAll(() => t.close());

async function insert(app: TestApp, table: string, { orgId, admin }: OrgWithAdmin, daysAgo: number) {
  const [row] = await app.sql<{ id: string }>(INSERTS[table]!, [orgId, daysAgo, admin.userId]);
  return row!.id;
}

async function exists(app: TestApp, table: string, id: string): Promise<boolean> {
  const key = KEYS[table] ?? 'id';
  return (await app.sql(`select from ${table} where ${key} = $1`, [id])).length === 1;
}

describe('the removal of rows past their retention', () => {
  it.each([
    ['api_keys', 181, 179],
    ['scim_tokens', 181, 179],
    ['deleted_workspaces', 401, 399],
    ['email_confirmations', 8, 6],
    ['break_glass_passwords', 1, -1],
    ['expiry_announcements', 1, -1],
    ['mails', 3, 1],
    ['webhook_attempts', 8, 6],
    ['webhook_deliveries', 31, 29],
    ['sessions', 1, -1],
    ['test_sign_ins', 1, -1],
    ['used_login_states', 1, -1],
    ['used_logout_tokens', 1, -1],
    ['audit_names', 401, 399],
    ['invitations', 181, 179],
  ])('removes rows of %s after their retention and keeps younger ones', async (table, old, young) => {
    const removed = await insert(t, table, org, old);
    const kept = await insert(t, table, org, young);

    await until(async () => !(await exists(t, table, removed)), 60);

    expect(await exists(t, table, kept)).toBe(true);
  });

  it('keeps the name of somebody who left before as long as an audit entry names them', async () => {
    const named = async (actor: string | null, resources: string[]) => {
      const [row] = await t.sql<{ id: string }>(
        `with entry as (
           insert into audit_entries (id, org_id, operation, succeeded, user_id, resource_ids)
           values (gen_random_uuid(), $1, 'login', true, $2, $3))
         insert into audit_names (org_id, person_id, ids, email, named_at)
         values ($1, coalesce($2, gen_random_uuid()), $3, '', now() - interval '500 days') returning person_id as id`,
        [org.orgId, actor, resources],
      );
      return row!.id;
    };
    const kept = [await named(randomUUID(), []), await named(null, [randomUUID()])];

    const unnamed = await insert(t, 'audit_names', org, 401);

    await until(async () => !(await exists(t, 'audit_names', unnamed)), 60); // the younger of all these

    for (const id of kept) expect(await exists(t, 'audit_names', id)).toBe(true);
  });

  it('removes more rows than one batch holds, all in one run', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 250; count++) ids.push(await insert(t, 'scim_tokens', org, 200));

    await until(
      async () => (await t.sql('select from scim_tokens where id = any($1)', [ids])).length === 0,
      60,
    );
  });

  it('removes declined and revoked invitations and their mails, and keeps accepted ones', async () => {
    const ids = new Map<string, string>();
    for (const status of ['declined', 'revoked', 'accepted']) {
      const id = await insert(t, 'invitations', org, 1);
      ids.set(status, id);
      await t.sql(`insert into mails (id, kind, invitation_id) values ($2, 'invitation-mails', $1)`, [
        id,
        randomUUID(),
      ]);
      await t.sql(
        `update invitations set status = $2, ended_at = now() - interval '200 days' where id = $1`,
        [id, status],
      );
    }
    const mails = () => t.sql('select from mails where invitation_id = any($1)', [[...ids.values()]]);

    await until(async () => (await mails()).length === 0, 60);
    for (const status of ['declined', 'revoked'])
      await until(async () => !(await exists(t, 'invitations', ids.get(status)!)), 60);

    expect(await exists(t, 'invitations', ids.get('accepted')!)).toBe(true);
  });

  it('forgets the previous secret of a webhook that no longer signs', async () => {
    const rotated = async (hours: number): Promise<string> => {
      const [row] = await t.sql<{ id: string }>(
        `insert into webhooks (id, org_id, url, description, secret, public_key, previous_secret,
           previous_secret_expires_at)
         values (gen_random_uuid(), $1, 'https://127.0.0.1:9/', '', '', '', 'old', now() + make_interval(hours => $2))
         returning id`,
        [org.orgId, hours],
      );
      return row!.id;
    };
    const [expired, signing] = [await rotated(-1), await rotated(1)];
    const secretOf = async (id: string) =>
      (await t.sql('select previous_secret as old from webhooks where id = $1', [id]))[0]?.['old'];

    await until(async () => (await secretOf(expired)) === null, 60);
    expect(await secretOf(signing)).toBe('old');
  });

  it('counts expired invitations out of the seats of every organization and keeps them listed', async () => {
    const orgs = [await t.fixtures.orgWithAdmin(), await t.fixtures.orgWithAdmin()];
    const counts = async () =>
      t.sql<{ pending: number; pending_seats: number }>(
        'select pending, pending_seats from headcounts where org_id = any($1)',
        [orgs.map(({ orgId }) => orgId)],
      );
    for (const one of orgs) {
      await insert(t, 'invitations', one, 1);
      await invitation(one, { email: t.fixtures.email() });
    }

    await until(async () => (await counts()).every((row) => row.pending_seats === 1), 60);

    for (const row of await counts()) expect(row).toEqual({ pending: 2, pending_seats: 1 });
    const { body } = await orgs[0]!.admin.api.get(`${ORG_MEMBERS}/pending`);
    expect(body.map((one: { is_expired: boolean }) => one.is_expired).sort()).toEqual([false, true]);
  });

  it('removes nothing while the retention is 0, and still counts expired invitations out', async () => {
    const keeping = await startTestApp(KEEPING);
    const own = await keeping.fixtures.orgWithAdmin();
    const tables = ['api_keys', 'scim_tokens', 'deleted_workspaces', 'invitations'];
    const ids = new Map<string, string>();
    for (const table of tables) ids.set(table, await insert(keeping, table, own, 3000));

    await until(
      async () => (await keeping.sql('select from invitations where not takes_seat')).length === 1,
      60,
    );

    for (const table of tables) expect(await exists(keeping, table, ids.get(table)!)).toBe(true);
    await keeping.close();
  });
});
