/** @takes-long */
import { randomUUID } from 'node:crypto';
import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attach, policy } from '../support/access-policies.js';
import { adminCommand } from '../support/admin-command.js';
import { Api } from '../support/api.js';
import { fillAuditLog, until } from '../support/audit-log.js';
import { allSealed, runAdmin } from '../support/audit-seals.js';
import { adminOn, contentOf, query, rewriteBackup } from '../support/backup.js';
import { CATALOG } from '../support/catalog.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { anotherWorkspace, customRole, invitation } from '../support/invitations.js';
import { GROUP, scimOf, userOf } from '../support/scim.js';
import { emptyFolder, ServerProcess } from '../support/server-process.js';
import { OPTIONAL_TABLES } from '../support/optional-tables.js';
import { ssoSettings } from '../support/sso-settings.js';
import { newKey, newValue, tag } from '../support/tags.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';
import { emptyDatabase } from '../support/test-database.js';
import { addTo, attachTo, grantTo, GROUPS } from '../support/user-groups.js';

/** Their rows are not restored (docs/backups.md#what-is-not-in-the-file); `migrations` and `schema_files` are written by the restore. */
const LEFT_OUT = [
  ...OPTIONAL_TABLES,
  'break_glass_passwords',
  'idempotency_keys',
  'rate_windows',
  'sessions',
  'test_sign_ins',
];
const WRITERS = 8;
/** Where no server listens. */
const RECEIVER = 'https://127.0.0.1:9/';
const REACHABLE = { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.1' };
const MEMBERS = '/api/v1/workspaces/current/members/active';

let t: TestApp;
let org: OrgWithAdmin;
let folder: ReturnType<typeof emptyFolder>;
let key: string;
let scimToken: string;
let webhookId: string;
const started: TestApp[] = [];

beforeAll(async () => {
  t = await startTestApp({ AUDIT_SEAL_SECONDS: '1', ...REACHABLE });
  folder = emptyFolder();
  org = await t.fixtures.defaultOrg();
  key = await fillOrganization(org);
  await fillRareTables();
  await fillAuditLog(t, org.orgId, 20_000);
});
afterAll(async () => {
  await Promise.all([t, ...started].map((server) => server.close()));
  folder.remove();
});

/** Rows by the API, for most tables; returns a service key. */
async function fillOrganization(of: OrgWithAdmin): Promise<string> {
  const { api } = of.admin;
  const research = await anotherWorkspace(of);
  const reader = await customRole(of, ['projects:read']);
  const policyId = await policy(of, { name: 'Tab\t, line\nfeed, \\backslash and Zoë 😀' });
  await attach(of.admin, reader, [policyId]);
  await tag(api, (await newValue(api, (await newKey(api)).id)).id);
  const member = await t.fixtures.member(of, { workspace: reader });
  const groupId = (await api.post(GROUPS, { name: 'Researchers' })).body.id;
  await addTo(of.admin, groupId, member);
  await grantTo(of.admin, groupId, of.workspaceId, reader);
  await attachTo(of.admin, groupId, policyId);
  await t.fixtures.orgWithAdmin();
  const left = await t.fixtures.member(of, {});
  await api.delete(`/api/v1/orgs/current/members/${left.membershipId}`);
  await api.patch(`/api/v1/orgs/current/members/${member.membershipId}`, {
    role_id: role('ORGANIZATION_VIEWER'),
  });
  await invitation(of, {
    email: t.fixtures.email(),
    workspace_ids: [of.workspaceId],
    workspace_role_id: reader,
  });
  await invitation(of, { email: t.fixtures.email() });
  await ssoSettings(of);
  const account = await api.post('/api/v1/service-accounts', { name: 'collector' });
  await addTo(of.admin, groupId, { membershipId: account.body.organization_identity_id });
  await api.put(`/api/v1/orgs/current/roles/${role('WORKSPACE_VIEWER')}/restriction`, {
    is_restricted: true,
  });
  webhookId = await disabled(api, '/api/v1/orgs/current/webhooks', {});
  await disabled(api, '/api/v1/orgs/current/log-streams', { headers: { authorization: 'secret' } });
  const scim = await scimOf(api);
  scimToken = scim.token;
  const user = await scim.post('/Users', userOf(t.fixtures.email('scim')));
  expect(user.status).toBe(201);
  const scimGroup = {
    schemas: [GROUP],
    displayName: 'acme:Research:Editor',
    members: [{ value: user.body.id }],
  };
  expect((await scim.post('/Groups', scimGroup)).status).toBe(201);
  await api.delete(`/api/v1/workspaces/${research}`);
  const keys = await api.post('/api/v1/orgs/current/service-keys', { workspaces: [of.workspaceId] });
  expect(keys.status).toBe(200);
  const rotation = `/api/v1/orgs/current/service-keys/${keys.body.id}/rotate`;
  expect((await api.post(rotation, { overlap_hours: 168 })).status).toBe(200);
  return keys.body.key; // still works, also on a restored database
}

/** So that nothing is sent, and no row changes. */
async function disabled(api: Api, path: string, fields: object): Promise<string> {
  const { body } = await api.post(path, { url: RECEIVER, ...fields });
  expect((await api.patch(`${path}/${body.id}`, { is_enabled: false })).status).toBe(200);
  return body.id;
}

/** Rows that need a browser, a mail server, or time. */
const fillRareTables = () =>
  t.sql(`
    insert into used_login_states (digest, expires_at) values ('\\x00ff5c0a', now() + interval '1 hour');
    insert into used_logout_tokens (digest, expires_at) values ('\\x01', now() + interval '1 hour');
    insert into oauth_clients (id, client_id, org_id, secret_digest, client_name, redirect_uris, grant_types, allowed_scopes)
      select gen_random_uuid(), 'oc_1', id, '\\x03', 'Client', '{https://client.example/}', '{authorization_code}', '{openid}'
      from organizations limit 1;
    insert into oauth_grants (id, org_id, user_id, client_id, registered_client_id, client_name, scopes, sign_in_method, amr, expires_at)
      select gen_random_uuid(), m.org_id, m.user_id, c.client_id, c.id, c.client_name, '{openid}', 'sso', '{pwd,otp}',
        now() + interval '1 day'
      from oauth_clients c join org_memberships m on m.org_id = c.org_id limit 1;
    insert into oauth_artifacts (digest, kind, client_id, grant_id, content, expires_at)
      select '\\x04', 'RefreshToken', client_id, id, '{"scope": "openid"}', expires_at from oauth_grants;
    insert into oauth_signing_keys (kid, alg, public_key, private_key, signs_from)
      values ('key', 'EdDSA', '{"kty": "OKP"}', 'encrypted', now());
    insert into email_confirmations (user_id, digest, email, expires_at)
      select id, '\\x02', email, now() + interval '1 hour' from users limit 1;
    insert into mails (id, kind, invitation_id, state, settled_at, code)
      select gen_random_uuid(), 'invitation-mails', id, 'refused', now(), '550' from invitations;
    insert into mails (id, kind, email) values (gen_random_uuid(), 'password-mails', 'waiting@example.com');
    insert into expiry_announcements (subject, days_before, expires_at, is_mailed)
      select id, 7, now() + interval '1 day', true from api_keys;
    insert into login_networks (key, last_success_at) values ('\\x03', now()) on conflict do nothing;
    insert into onboarding_states (id, user_id) select gen_random_uuid(), id from users limit 1 on conflict do nothing;
    insert into break_glass_passwords (user_id, digest, expires_at)
      select id, 'digest', now() + interval '1 hour' from users limit 1;
    insert into idempotency_keys (digest, fingerprint, expires_at) values ('\\x05', '\\x06', now() + interval '1 day');
    insert into password_links (id, digest, purpose, email, user_id, expires_at)
      select gen_random_uuid(), '\\x08', 'forgotten', email, id, now() + interval '1 hour' from users limit 1;
    insert into webhook_deliveries (webhook_id, event_id, position, attempts) select id, 'event', 1, 1 from webhooks;
    insert into webhook_attempts
      (id, webhook_id, event_id, event_type, attempt, attempted_at, duration_ms, succeeded, status, response)
      select gen_random_uuid(), id, 'event', 'role.created', 1, now(), 5, false, '500', 'no' from webhooks;
    insert into ended_memberships (org_id, user_id, membership_id, role_id, ended_at)
      select org_id, user_id, gen_random_uuid(), role_id, now() from org_memberships limit 1;
    insert into access_requests (id, org_id, requester_id, workspace_id, role_id, reason, expires_at)
      select gen_random_uuid(), org_id, user_id, workspace_id, role_id, 'Why', now() + interval '1 day'
      from workspace_memberships limit 1;
    update org_memberships set access_expires_at = now() + interval '1 day' where source = 'manual';
    update user_group_members set access_expires_at = now() + interval '1 hour' where source = 'manual';
    insert into test_sign_ins (id, session_id, org_id, expires_at)
      select gen_random_uuid(), s.id, o.id, now() + interval '1 hour' from sessions s, organizations o limit 1;
    insert into member_activity (membership_id, last_active_at)
      select id, now() from org_memberships on conflict do nothing;
    insert into rate_windows (key, started_at, hits) values ('\\x07', now(), 1) on conflict do nothing;
    insert into service_account_workspaces (service_account_id, workspace_id, org_id, role_id)
      select a.id, w.id, w.org_id, '${role('WORKSPACE_USER')}'
      from service_accounts a join workspaces w on w.org_id = a.org_id on conflict do nothing`);

const isWaitingMail = (table: string, row: unknown) =>
  table === 'mails' && (row as { state: string }).state === 'queued';

async function backUp(name: string, databaseUrl = t.databaseUrl): Promise<string> {
  const path = join(folder.path, name);
  const { code, output, errors } = await adminOn(databaseUrl, 'backup', path);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  countsByPath.set(path, countsIn(output));
  return path;
}

const countsByPath = new Map<string, string>();

/** `12 rows of 3 tables`, as a command prints it. */
const countsIn = (output: string): string => /\d+ rows of \d+ tables/.exec(output)![0];

/** Repeats a backup while which the server wrote what it had collected, such as the last activity of members. */
async function backUpWhileNothingChanges() {
  for (let attempt = 1; ; attempt++) {
    const source = await contentOf(t.databaseUrl);
    const path = await backUp(`still-${attempt}.backup`);
    if (attempt === 10 || isDeepStrictEqual(source, await contentOf(t.databaseUrl))) return { path, source };
  }
}

/** Restores into an empty database; the command prints the same numbers as the backup. */
async function restore(path: string): Promise<string> {
  const databaseUrl = await emptyDatabase();
  const { code, output, errors } = await adminOn(databaseUrl, 'restore', path);
  expect({ code, errors, counts: countsIn(output) }).toEqual({
    code: 0,
    errors: '',
    counts: countsByPath.get(path) ?? expect.any(String),
  });
  return databaseUrl;
}

async function serverOn(databaseUrl: string): Promise<TestApp> {
  const server = await startTestApp({ AUDIT_SEAL_SECONDS: '3600', ...REACHABLE }, databaseUrl);
  started.push(server);
  return server;
}

/** Requests that create a workspace and its audit entry in one transaction, until the returned function is called. */
function writeSteadily(): () => Promise<number> {
  const stop = new AbortController();
  const writer = async () => {
    let written = 0;
    for (; !stop.signal.aborted; written++) {
      const { status } = await org.admin.api.post('/api/v1/workspaces', {
        display_name: `Load ${randomUUID()}`,
      });
      expect(status).toBe(200);
    }
    return written;
  };
  const writers = Promise.all(Array.from({ length: WRITERS }, writer));
  return async () => {
    stop.abort();
    return (await writers).reduce((sum, count) => sum + count, 0);
  };
}

const count = async (databaseUrl: string, text: string) =>
  Number((await query<{ count: string }>(databaseUrl, `select count(*) from ${text}`))[0]!.count);

const LOADED = `workspaces where display_name like 'Load %'`;

describe('admin backup and restore', () => {
  it('backs up one moment of a database that is written to, and the restored audit log verifies', async () => {
    const stop = writeSteadily();
    await until(async () => (await count(t.databaseUrl, LOADED)) > 0);
    const path = await backUp('busy.backup');
    const written = await stop();
    const restored = await restore(path);

    const workspaces = await count(restored, LOADED);
    expect(workspaces).toBeGreaterThan(0);
    expect(workspaces).toBeLessThan(written);
    expect(
      await count(
        restored,
        `audit_entries where operation = 'create_workspace' and request_path = '/api/v1/workspaces'`,
      ),
    ).toBe(workspaces + 1);
    expect(
      await query(
        restored,
        `select org_id from headcounts h where members <> (select count(*) from org_memberships m where m.org_id = h.org_id)`,
      ),
    ).toEqual([]);
    expect((await adminOn(restored, 'audit:verify')).code).toBe(0);
  });

  it('restores every row, the sequences and the schema of a database', async () => {
    await allSealed(t);
    const { path, source } = await backUpWhileNothingChanges();

    const restored = await restore(path);

    const content = await contentOf(restored);
    const empty = Object.keys(source)
      .filter((table) => source[table]!.length === 0)
      .filter((table) => table !== 'access_cache_replicas'); // a server is registered while requests come
    // There was no bootstrap file, and the audit log has entries of the retention period only.
    expect(empty).toEqual(['applied_bootstrap_items', 'audit_anchors']);
    for (const table of Object.keys(source))
      expect({ table, rows: content[table] }).toEqual({
        table,
        rows: LEFT_OUT.includes(table) ? [] : source[table]!.filter((row) => !isWaitingMail(table, row)),
      });
    const { migrations: _, schema_files: __, ...tables } = content;
    const rows = Object.values(tables).reduce((sum, each) => sum + each.length, 0);
    expect(countsByPath.get(path)).toMatch(new RegExp(`^${rows} rows`));
    expect(await query(restored, CATALOG)).toEqual(await query(t.databaseUrl, CATALOG));
    const position = 'select last_value, is_called from audit_entries_position_seq';
    expect(await query(restored, position)).toEqual(await query(t.databaseUrl, position));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('accepts old passwords, API keys, SCIM tokens and secrets of webhooks on a restored database, and no old session', async () => {
    const restored = await serverOn(await restore(await backUp('served.backup')));

    const { status } = await restored.api.post('/api/v1/login', {
      email: ADMIN.email,
      password: ADMIN.password,
    });
    expect(status).toBe(200);
    const context = { orgId: org.orgId, workspaceId: org.workspaceId };
    expect((await restored.api.as({ key, ...context }).get(MEMBERS)).status).toBe(200);
    expect((await org.admin.api.at(restored.url).get(MEMBERS)).status).toBe(401);
    const { admin } = await restored.fixtures.defaultOrg();
    const made = await admin.api
      .as(context)
      .post('/api/v1/workspaces', { display_name: 'After the restore' });
    expect(made.status).toBe(200);
    const scim = await fetch(`${restored.url}/scim/v2/Users`, {
      headers: { authorization: `Bearer ${scimToken}` },
    });
    expect(scim.status).toBe(200);
    const test = await admin.api.post(`/api/v1/orgs/current/webhooks/${webhookId}/test`);
    expect(test.body).toMatchObject({ code: 'connection_failed' }); // signed with the restored secrets
    expect((await runAdmin(restored, 'audit:verify')).code).toBe(0);
  });

  it('restores the rows of an older version and migrates them, with the triggers of this version', async () => {
    const older = join(folder.path, 'older.backup');
    rewriteBackup(await backUp('newer.backup'), older, ({ header, rows }) => {
      header.migrations = header.migrations.filter((name) => !/^(MoveOldMails|DropOldMails)/.test(name));
      const [id] = /^[^\t\n]+/m.exec(rows['api_keys']!)!;
      const columns = ['credential_id', 'days_before', 'expires_at', 'is_mailed'];
      header.tables.push({ name: 'expiry_notices', columns });
      rows['expiry_notices'] = `${id}\t14\t2036-01-01 00:00:00+00\tt\n`;
    });

    const databaseUrl = await restore(older);

    expect(await count(databaseUrl, 'expiry_announcements where days_before = 14')).toBe(1);
    expect(await query(databaseUrl, CATALOG)).toEqual(await query(t.databaseUrl, CATALOG));
    expect((await adminOn(databaseUrl, 'migrate', '--dry-run')).code).toBe(0);
  });

  it('backs up the embedded database beside its server and restores it into another DATA_DIR', async () => {
    const [from, to] = [emptyFolder(), emptyFolder()];
    const path = join(folder.path, 'embedded.backup');
    const server = new ServerProcess({ DATA_DIR: from.path });
    await server.ready();
    const [, email, password] = /^First admin: (.+)\nPassword, shown only now: (.+)$/m.exec(server.messages)!;
    expect(await adminCommand({ DATA_DIR: from.path }, ['backup', path])).toMatchObject({
      code: 0,
      errors: '',
    });
    await server.stop();
    expect((await adminCommand({ DATA_DIR: to.path }, ['restore', path])).errors).toMatch(
      /secrets\.json does not exist/,
    );
    copyFileSync(join(from.path, 'secrets.json'), join(to.path, 'secrets.json'));

    expect(await adminCommand({ DATA_DIR: to.path }, ['restore', path])).toMatchObject({
      code: 0,
      errors: '',
    });

    const restored = new ServerProcess({ DATA_DIR: to.path });
    const url = await restored.ready();
    expect((await new Api(url).post('/api/v1/login', { email, password })).status).toBe(200);
    expect(restored.stdout).not.toContain('First admin');
    await restored.stop();
    from.remove();
    to.remove();
  });

  it('replaces an existing file only with --overwrite, and a refused backup leaves the file unchanged', async () => {
    const path = await backUp('kept.backup');
    const { mtimeMs } = statSync(path);

    const refused = await adminOn(t.databaseUrl, 'backup', path);

    expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/^\S+ exists\. [^\n]+\n$/) });
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
    expect((await adminOn(t.databaseUrl, 'backup', path, '--overwrite')).code).toBe(0);
    expect(statSync(path).mtimeMs).toBeGreaterThan(mtimeMs);
  });
});
