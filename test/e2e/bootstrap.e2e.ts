import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { role } from '../support/fixtures.js';
import { ADMIN, startTestApp, type TestApp } from '../support/test-app.js';
import { cloneDatabase } from '../support/test-database.js';

let databaseUrl: string;
beforeEach(async () => {
  databaseUrl = await cloneDatabase();
});

const apps: TestApp[] = [];
afterAll(() => Promise.all(apps.map((app) => app.close())));

/** A server on the database of the test, as a restart or another replica would be. */
async function start(environment: Record<string, string | undefined> = {}): Promise<TestApp> {
  const app = await startTestApp(environment, databaseUrl);
  apps.push(app);
  return app;
}

const login = ({ api }: TestApp, email: string, password: string) =>
  api.post('/api/v1/login', { email, password });

/** Everything that a bootstrap creates. */
async function made({ sql }: TestApp) {
  const tables = [
    'organizations',
    'workspaces',
    'users',
    'org_memberships',
    'workspace_memberships',
    'passwords',
  ];
  const counts = await Promise.all(
    tables.map((table) => sql<{ n: number }>(`select count(*)::int n from ${table}`)),
  );
  return Object.fromEntries(tables.map((table, index) => [table, counts[index]![0]!.n]));
}

const ONE_OF_EACH = {
  organizations: 1,
  workspaces: 1,
  users: 1,
  org_memberships: 1,
  workspace_memberships: 1,
  passwords: 1,
};

describe('first start of an installation', () => {
  it('creates the organization, workspace and admin that the settings name', async () => {
    const t = await start({ INITIAL_ORG_NAME: 'Acme', DEFAULT_WORKSPACE_NAME: "Acme's first" });

    const { admin } = await t.fixtures.defaultOrg();

    const [org] = (await admin.api.get('/api/v1/orgs')).body;
    const [workspace] = (await admin.api.get('/api/v1/workspaces')).body;
    const [me] = (await admin.api.get('/api/v1/orgs/current/members/active')).body;
    expect(org).toMatchObject({ display_name: 'Acme', default_sso_provision: true, is_personal: false });
    expect(workspace).toMatchObject({ display_name: "Acme's first", role_name: 'Admin' });
    expect(me).toMatchObject({
      email: ADMIN.email,
      role_id: role('ORGANIZATION_ADMIN'),
      linked_login_methods: [{ provider: 'email', provisioning_method: 'bootstrap' }],
    });
  });

  it('creates the organization even if FF_ORG_CREATION_DISABLED forbids it to users', async () => {
    const t = await start({ FF_ORG_CREATION_DISABLED: 'true' });

    expect(await made(t)).toEqual(ONE_OF_EACH);
  });

  it('records the creation by the bootstrap without a user', async () => {
    const { sql } = await start();

    expect(await sql('select operation, succeeded, user_id from audit_entries')).toEqual([
      { operation: 'create_organization', succeeded: true, user_id: null },
    ]);
  });
});

describe('a restart', () => {
  it('creates nothing and changes no password on a restart', async () => {
    const t = await start();
    const before = await t.sql('select * from passwords');

    await start();

    expect(await made(t)).toEqual(ONE_OF_EACH);
    expect(await t.sql('select * from passwords')).toEqual(before);
  });

  it('leaves the organization, the admin and the password unchanged when the settings change', async () => {
    const first = await start();
    const other = { email: 'other@example.com', password: 'Another-Correct-Horse' };

    const second = await start({
      INITIAL_ORG_NAME: 'Renamed',
      INITIAL_ORG_ADMIN_EMAIL: other.email,
      INITIAL_ORG_ADMIN_PASSWORD: other.password,
    });

    expect(await made(first)).toEqual(ONE_OF_EACH);
    expect((await login(second, ADMIN.email, ADMIN.password)).status).toBe(200);
    expect((await login(second, other.email, other.password)).status).toBe(401);
    const { admin } = await second.fixtures.defaultOrg();
    expect((await admin.api.get('/api/v1/orgs/current')).body.display_name).toBe('Default');
  });

  it('updates the system roles to the ones of the running version', async () => {
    const t = await start();
    const permissions = () => t.sql(`select permissions from roles where name = 'WORKSPACE_ADMIN'`);
    const current = await permissions();
    await t.sql(
      `update roles set permissions = '{runs:read}', description = 'Old' where name = 'WORKSPACE_ADMIN'`,
    );
    await t.sql(`delete from roles where name = 'ORGANIZATION_VIEWER'`);

    await start();

    expect(await permissions()).toEqual(current);
    expect(await t.sql(`select from roles where name = 'ORGANIZATION_VIEWER'`)).toHaveLength(1);
  });

  it('creates an organization for the existing admin, with a new password, if none is left', async () => {
    const first = await start();
    await first.sql('delete from organizations');

    const second = await start({ INITIAL_ORG_ADMIN_PASSWORD: 'Another-Correct-Horse' });

    expect(await made(second)).toEqual(ONE_OF_EACH);
    expect((await login(second, ADMIN.email, ADMIN.password)).status).toBe(401);
    expect((await login(second, ADMIN.email, 'Another-Correct-Horse')).status).toBe(200);
  });
});

describe('a start with single sign-on and without the address of an admin', () => {
  const SSO = {
    LANGSMITH_URL: 'https://tenantry.example.com',
    OAUTH_CLIENT_ID: 'client',
    OAUTH_CLIENT_SECRET: 'secret',
    OAUTH_ISSUER_URL: 'https://idp.example.com',
    INITIAL_ORG_ADMIN_EMAIL: undefined,
    INITIAL_ORG_ADMIN_PASSWORD: undefined,
  };

  it('is refused while the database has no organization, and says what to set', async () => {
    await expect(start(SSO)).rejects.toThrow(/INITIAL_ORG_ADMIN_EMAIL is needed/);
  });

  it('succeeds on a database that has an organization', async () => {
    await start();

    const t = await start(SSO);

    expect(await made(t)).toEqual(ONE_OF_EACH);
  });
});

describe('concurrent first starts of several replicas', () => {
  it('creates one organization and one admin when several replicas start at once', async () => {
    const replicas = await Promise.all([start(), start(), start()]);

    expect(await made(replicas[0])).toEqual(ONE_OF_EACH);
    expect(await replicas[0].sql('select from roles')).toHaveLength(7);
    const logins = await Promise.all(replicas.map((replica) => login(replica, ADMIN.email, ADMIN.password)));
    expect(logins.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});
