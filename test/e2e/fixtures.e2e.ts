import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SSO_ENVIRONMENT, ssoStranger } from '../support/sso-stranger.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** The tables with rows of a user, or of an organization, each with the column that refers to it. */
const OF_A_PERSON = {
  users: 'id',
  login_methods: 'user_id',
  passwords: 'user_id',
  org_memberships: 'user_id',
  workspace_memberships: 'user_id',
  sessions: 'user_id',
};
const OF_AN_ORGANIZATION = {
  organizations: 'id',
  workspaces: 'org_id',
  org_memberships: 'org_id',
  workspace_memberships: 'org_id',
  headcounts: 'org_id',
};

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

/** The rows without the values that differ between two users or organizations, or that say where a session began. */
const rowsOf = (tables: Record<string, string>, id: string) =>
  Promise.all(
    Object.entries(tables).map(([table, column]) =>
      t.sql(
        `select to_jsonb(x) - array(select key from jsonb_object_keys(to_jsonb(x)) key
           where key ~ '^(id|(user_)?email|digest|client_host|(created_by_user|created_audit_entry|user|org|workspace)_id|(created|updated|modified|expires)_at)$') as row
         from ${table} x where ${column} = $1`,
        [id],
      ),
    ),
  );

it('creates members by fixture as the API and a login create them', async () => {
  const org = await t.fixtures.orgWithAdmin();
  const roles = { org: 'ORGANIZATION_VIEWER', workspace: 'WORKSPACE_USER' } as const;
  const email = t.fixtures.email();
  const { id, password } = await t.fixtures.addMember(org, { email }, roles);
  const token = await t.fixtures.login(email, password);

  const member = await t.fixtures.member(org, roles);

  const rows = await rowsOf(OF_A_PERSON, id);
  expect(rows.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(await rowsOf(OF_A_PERSON, member.userId)).toEqual(rows);
  const orgs = '/api/v1/orgs?skip_create=true';
  expect((await member.api.get(orgs)).body).toEqual((await t.api.as({ token }).get(orgs)).body);
  await expect(t.fixtures.login(member.email, member.password)).resolves.toEqual(expect.any(String));
});

it('creates organizations by fixture as the API creates them', async () => {
  const sso = await startTestApp(SSO_ENVIRONMENT, t.databaseUrl);
  const founder = await ssoStranger(sso);
  const wish = { display_name: 'Other', is_personal: false };
  const { body } = await founder.api.post('/api/v1/orgs', wish);
  await sso.close();

  const { orgId } = await t.fixtures.orgWithAdmin();

  const rows = await rowsOf(OF_AN_ORGANIZATION, body.id);
  expect(rows.map(({ length }) => length)).toEqual([1, 1, 1, 1, 1]);
  expect(await rowsOf(OF_AN_ORGANIZATION, orgId)).toEqual(rows);
});
