import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EXAMPLE_IDS } from '../../src/openapi/reference/task.js';
import { type NullableField, nullableFieldsOf } from '../support/bad-values.js';
import type { SystemRoleName } from '../../src/modules/rbac/index.js';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { ssoSettings } from '../support/sso-settings.js';
import { SSO_ENVIRONMENT, ssoStranger } from '../support/sso-stranger.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let t: TestApp;
let org: OrgWithAdmin;
/** On the same database: organizations are created with single sign-on only. */
let sso: TestApp;
let founder: Person;
beforeAll(async () => {
  t = await startTestApp();
  sso = await startTestApp(SSO_ENVIRONMENT, t.databaseUrl);
  founder = await ssoStranger(sso);
  org = await t.fixtures.defaultOrg();
});
afterAll(async () => {
  await sso.close();
  await t.close();
});

const FOUNDING = new Set(['/api/v1/orgs', '/api/v1/tenants']);

const namedTwice = (role_name: SystemRoleName) => () => ({ role_id: role(role_name), role_name });

/** The rules that need a field to have a value beside another one that is null. */
const ALTERNATIVES: Record<string, () => object> = {
  'POST /api/v1/workspaces/current/members': () => ({
    user_id: org.admin.userId,
    ls_user_id: org.admin.userId,
  }),
  'PATCH /api/v1/orgs/current/members/{identity_id}/pending': namedTwice('ORGANIZATION_VIEWER'),
  'PATCH /api/v1/workspaces/current/members/{identity_id}/pending': namedTwice('WORKSPACE_VIEWER'),
};

/** With new addresses for each request: rows with the same address would be one person. */
function bodyWithNull({ method, path, field, example }: NullableField): unknown {
  const text = JSON.stringify(Array.isArray(example) ? example.slice(0, 1) : example)
    .replaceAll(EXAMPLE_IDS.WORKSPACE_ID.example, org.workspaceId)
    .replaceAll(EXAMPLE_IDS.ORG_IDENTITY_ID.example, org.admin.membershipId)
    .replace(/[a-z]+@example\.com/g, () => t.fixtures.email());
  const body = JSON.parse(text);
  Object.assign(body, ALTERNATIVES[`${method} ${path}`]?.());
  const parent = field.slice(0, -1).reduce((value, name) => value?.[name], body);
  if (typeof parent !== 'object')
    throw new Error(`the example of ${method} ${path} lacks ${field.join('.')}`);
  parent[field.at(-1)!] = null;
  return body;
}

it('accepts null for every nullable body field of every operation', async () => {
  const fields = await nullableFieldsOf(t);
  expect(fields.length).toBeGreaterThan(80);
  expect(fields.map(({ path, field }) => `${path} ${field.join('.')}`)).toContain(
    '/api/v1/service-accounts workspaces.0.role_id',
  );
  const { id } = await ssoSettings(org);

  const refused: string[] = [];
  for (const nullable of fields) {
    const { method, path, field } = nullable;
    const caller = FOUNDING.has(path) ? founder.api : org.admin.api;
    const target = path.replace(/\{(\w+)\}/g, () => (path.includes('sso-settings') ? id : randomUUID()));
    const reply = await caller.send(method, target, bodyWithNull(nullable));
    if (![200, 201, 404, 409].includes(reply.status))
      refused.push(
        `${method} ${path} ${field.join('.')} -> ${reply.status} ${JSON.stringify(reply.body).slice(0, 200)}`,
      );
  }

  expect(refused).toEqual([]);
});
