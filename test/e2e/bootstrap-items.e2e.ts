import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it } from '@jest/globals';
import { newApiKey, newScimToken } from '../../src/common/secrets/credential-formats.js';
import { role } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { cloneDatabase } from '../support/test-database.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-bootstrap-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const key = newApiKey('service');
const token = newScimToken();
const FILE = {
  settings: { invites_enabled: false },
  workspaces: [{ name: 'Team A', handle: 'team-a' }],
  service_keys: [{ name: 'terraform', secret_file: write('key', key), org_role: 'ORGANIZATION_ADMIN' }],
  scim_tokens: [{ name: 'okta', secret_file: write('token', `${token}\n`) }],
  sso_settings: { default_workspaces: ['Team A', 'Workspace 1'], groups_enabled: true },
};

let databaseUrl: string;
const apps: TestApp[] = [];
beforeEach(async () => {
  databaseUrl = await cloneDatabase();
});
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

/** A server on the database of the test, as a restart or another replica would be. */
async function start(file: object = FILE, more: Record<string, string> = {}): Promise<TestApp> {
  const app = await startTestApp(
    { BOOTSTRAP_FILE: write('bootstrap.json', JSON.stringify(file)), ...more },
    databaseUrl,
  );
  apps.push(app);
  return app;
}

const operationsOf = async ({ sql }: TestApp) =>
  (
    await sql<{ operation: string }>(`select operation from audit_entries where user_id is null order by id`)
  ).map(({ operation }) => operation);

it('gives a new organization everything that the file declares, with its entries in the audit log', async () => {
  const t = await start();
  const api = t.api.as({ key });

  expect((await api.get('/api/v1/orgs/current/info')).body).toMatchObject({ invites_enabled: false });
  const workspaces = (await api.get('/api/v1/workspaces')).body as { id: string; display_name: string }[];
  expect(workspaces.map(({ display_name }) => display_name).sort()).toEqual(['Team A', 'Workspace 1']);
  const [settings] = (await api.get('/api/v1/orgs/current/sso-settings')).body;
  expect(settings).toMatchObject({
    sso_groups_enabled: true,
    default_workspace_role_id: role('WORKSPACE_USER'),
  });
  expect(new Set(settings.default_workspace_ids)).toEqual(new Set(workspaces.map(({ id }) => id)));
  expect(
    (await fetch(`${t.url}/scim/v2/Users`, { headers: { authorization: `Bearer ${token}` } })).status,
  ).toBe(200);
  expect((await api.get('/api/v1/orgs/current/service-keys')).body).toMatchObject([
    { description: 'terraform' },
  ]);
  expect(await operationsOf(t)).toEqual([
    'create_organization',
    'update_organization_info',
    'create_workspace',
    'create_service_key',
    'create_scim_token',
    'create_sso_settings',
  ]);
});

it('changes nothing with a second start, and leaves what people have changed and removed since', async () => {
  const first = await start();
  const api = first.api.as({ key });
  await api.patch('/api/v1/orgs/current/info', { invites_enabled: true });
  const { body: tokens } = await api.get('/v1/platform/orgs/current/scim/tokens');
  const [{ id }] = Array.isArray(tokens) ? tokens : tokens.tokens;
  expect((await api.delete(`/v1/platform/orgs/current/scim/tokens/${id}`)).status).toBeLessThan(300);
  const before = await operationsOf(first);

  const second = await start();

  const again = second.api.as({ key });
  expect((await again.get('/api/v1/orgs/current/info')).body).toMatchObject({ invites_enabled: true });
  const revoked = await fetch(`${second.url}/scim/v2/Users`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(revoked.status).toBe(401);
  expect(await operationsOf(second)).toEqual(before);
});

it('applies an item that is added later to the organization that exists', async () => {
  await start({});

  const t = await start({ service_keys: FILE.service_keys });

  expect((await t.api.as({ key }).get('/api/v1/orgs/current')).status).toBe(200);
});

it('applies no item again when another organization has become the default one', async () => {
  const t = await start();
  const { orgId } = await t.fixtures.orgWithAdmin();
  await t.sql('update organizations set is_default = id = $1 where is_default or id = $1', [orgId]);

  await start();

  expect(await t.sql('select from api_keys where description = $1', ['terraform'])).toHaveLength(1);
});

it('applies each item once when several replicas start at once', async () => {
  const replicas = await Promise.all([start(), start(), start()]);

  const { sql } = replicas[0];
  expect(await sql('select description from api_keys')).toEqual([{ description: 'terraform' }]);
  expect(await sql(`select display_name from workspaces where display_name = 'Team A'`)).toHaveLength(1);
});

it('stores nothing of the bootstrap when one item cannot be applied, and names the item', async () => {
  const file = { ...FILE, sso_settings: { default_workspaces: ['Team B'] } };

  await expect(start(file)).rejects.toThrow(
    'The bootstrap item sso_settings "sso_settings" cannot be applied: the organization has no workspace named "Team B"',
  );

  const t = await start({});
  expect(await t.sql('select from api_keys')).toEqual([]);
  expect(await t.sql(`select from workspaces where display_name = 'Team A'`)).toEqual([]);
});

it('installs the key and the token of the variables, and stores only their digests', async () => {
  const t = await start({}, { BOOTSTRAP_SERVICE_KEY: key, BOOTSTRAP_SCIM_TOKEN: token });

  const { body } = await t.api.as({ key }).post('/api/v1/workspaces', { display_name: 'Made with the key' });
  expect(body).toMatchObject({ display_name: 'Made with the key' });
  const [{ rows }] = (await t.sql(
    `select (select jsonb_agg(k) from api_keys k)::text || (select jsonb_agg(s) from scim_tokens s)::text as rows`,
  )) as [{ rows: string }];
  expect(rows).not.toContain(key.slice('lsv2_sk_'.length + 4, -4));
  expect(rows).not.toContain(token.slice('lsv2_scim_'.length + 4, -4));
});
