import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { succeeds, tokenOf } from '../support/access-changes/access-change.js';
import type { Api, Reply } from '../support/api.js';
import type { Member, OrgWithAdmin } from '../support/fixtures.js';
import { type Grant, grantOf, WITH_APPLICATIONS } from '../support/grants.js';
import { filled, type Operation, operationsOf } from '../support/operations.js';
import { loggedDuring } from '../support/server-host.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ORG = '/api/v1/orgs/current';
const SCIM_TOKENS = '/v1/platform/orgs/current/scim/tokens';
const CODE = 'application_may_not_create';
const NIL = '00000000-0000-4000-8000-000000000000';
/** Which other credentials may not call. */
const FOR_APPLICATIONS = ['GET /api/v1/userinfo', 'POST /api/v1/userinfo'];

/** Whatever the request says; besides, the only operations that treat an application in another way than a personal access token. */
const MAKE_CREDENTIALS = [
  'POST /api/v1/api-key',
  'POST /api/v1/api-key/current',
  'POST /api/v1/orgs/current/log-streams',
  'POST /api/v1/orgs/current/members/basic/batch',
  'POST /api/v1/orgs/current/members/{identity_id}/password-link',
  'POST /api/v1/orgs/current/members/{identity_id}/pending/password-link',
  'POST /api/v1/orgs/current/personal-access-tokens',
  'POST /api/v1/orgs/current/personal-access-tokens/{pat_id}/rotate',
  'POST /api/v1/orgs/current/service-keys',
  'POST /api/v1/orgs/current/service-keys/{api_key_id}/rotate',
  'POST /api/v1/orgs/current/webhooks',
  'POST /api/v1/orgs/current/webhooks/{webhook_id}/rotate-secret',
  'POST /v1/platform/oauth/clients',
  'POST /v1/platform/oauth/clients/{id}/rotate-secret',
  'POST /v1/platform/orgs/current/scim/tokens',
  'POST /v1/platform/orgs/current/scim/tokens/{scim_token_id}/rotate',
];
/** Each request that writes adds to them. */
const EVENTS = 'GET /api/v1/orgs/current/events';
const PASSWORD = 'Correct-Horse-Battery';

let t: TestApp;
let org: OrgWithAdmin;
let admin: Member;
let member: Member;
let grant: Grant;
beforeAll(async () => {
  t = await startTestApp({ ...WITH_APPLICATIONS, EMPTY_USAGE_RESPONSES: 'true' });
  org = await t.fixtures.orgWithAdmin();
  ({ admin } = org);
  member = await t.fixtures.member(org, {});
  grant = await grantOf(t.sql, org, admin);
});
afterAll(() => t.close());

const codeOf = ({ headers }: Reply) => headers.get('x-error-code');

describe('an application', () => {
  const refused: [page: string, method: string, path: string, body: unknown][] = [
    ['service-keys', 'POST', '/api/v1/api-key', undefined],
    ['tokens', 'POST', '/api/v1/api-key/current', undefined],
    ['tokens', 'POST', `${ORG}/personal-access-tokens`, {}],
    ['tokens', 'POST', `${ORG}/personal-access-tokens/${NIL}/rotate`, undefined],
    ['service-keys', 'POST', `${ORG}/service-keys`, {}],
    ['service-keys', 'POST', `${ORG}/service-keys/${NIL}/rotate`, undefined],
    ['provisioning', 'POST', SCIM_TOKENS, {}],
    ['provisioning', 'POST', `${SCIM_TOKENS}/${NIL}/rotate`, undefined],
    ['webhooks', 'POST', `${ORG}/webhooks`, { url: 'https://receiver.example' }],
    ['webhooks', 'PATCH', `${ORG}/webhooks/${NIL}`, { url: 'https://receiver.example' }],
    ['webhooks', 'POST', `${ORG}/webhooks/${NIL}/rotate-secret`, undefined],
    ['log-streams', 'POST', `${ORG}/log-streams`, { url: 'https://receiver.example' }],
    ['log-streams', 'PATCH', `${ORG}/log-streams/${NIL}`, { url: 'https://receiver.example' }],
    ['log-streams', 'PATCH', `${ORG}/log-streams/${NIL}`, { headers: { authorization: 'x' } }],
    ['members', 'POST', `${ORG}/members`, { email: 'new@example.com', password: PASSWORD }],
    ['members', 'POST', `${ORG}/members/batch`, [{}, { email: 'n@example.com', password: PASSWORD }]],
    ['members', 'POST', `${ORG}/members/basic/batch`, [{ email: 'new@example.com' }]],
    ['members', 'PATCH', `${ORG}/members/:member`, { password: PASSWORD }],
    ['members', 'POST', `${ORG}/members/:member/password-link`, undefined],
    ['members', 'POST', `${ORG}/members/:member/pending/password-link`, undefined],
    ['profile', 'PATCH', '/api/v1/orgs/members/basic', { password: PASSWORD }],
  ];

  it.each(refused)(
    'is refused, and led to the page %s of the console: %s %s',
    async (page, method, path, body) => {
      const url = path.replace(':member', member.membershipId);
      const reply = await grant.api.send(method, url, body);
      const console_page = `http://127.0.0.1:3000/console/organizations/${org.orgId}/settings/${page}`;

      expect(reply).toMatchObject({ status: 403, body: { console_page } });
      expect(reply.body.detail ?? reply.body.error).toContain(console_page);
      expect(codeOf(reply)).toBe(CODE);
    },
  );

  it('is refused before its body is looked at, and before what it lacks', async () => {
    const { api } = await grantOf(t.sql, org, member);

    expect(codeOf(await api.post(`${ORG}/webhooks`, { unknown: [] }))).toBe(CODE);
    expect(codeOf(await api.post(`${ORG}/personal-access-tokens`, undefined, { raw: '[]' }))).toBe(CODE);
  });

  it('changes what is no credential by the same operations', async () => {
    const path = `${ORG}/members/${member.membershipId}`;
    const email = t.fixtures.email();

    await succeeds(grant.api.patch(path, { full_name: 'New Name', password: null }));
    await succeeds(grant.api.post(`${ORG}/members`, { email }));
    expect((await grant.api.delete(path)).status).toBe(200);
  });

  it('is recorded when it is refused', async () => {
    await grant.api.post(`${ORG}/webhooks`, {});
    const [entry] = await t.sql(
      `select operation, credential_kind, details ->> 'error_code' as code from audit_entries
       where credential_id = $1 and not succeeded order by created_at desc, id desc limit 1`,
      [grant.id],
    );

    expect(entry).toMatchObject({ operation: 'create_webhook', credential_kind: 'application' });
  });
});

it('an application is recognized by statements whose names PostgreSQL does not cut off', async () => {
  const reads = async () => {
    for (const path of [`${ORG}/info`, '/api/v1/workspaces'])
      for (const orgId of ['', org.orgId]) await succeeds(grant.api.as({ orgId }).get(path));
  };

  expect(await loggedDuring(reads)).toBe('');
});

describe('the response to an application', () => {
  const ask = (api: Api, operation: Operation) => {
    const body = operation.hasBody && operation.method !== 'GET' ? {} : undefined;
    return api.send(operation.method, filled(operation, {}, NIL), body);
  };
  /** Without what each request changes: times, ids, last uses. */
  const summary = ({ name }: Operation, reply: Reply) => {
    const body = name === EVENTS ? '' : JSON.stringify(reply.body);
    const fixed = body
      .replaceAll(/"last_\w+":(?:null|"[^"]*")/g, '')
      .replaceAll(/"[\d-]+T[\d:.]+Z"|[\da-f-]{36}/g, '?');
    return [reply.status, codeOf(reply), fixed].join(' ');
  };

  it.each(['an admin', 'a member'])('is that to a personal access token, for %s', async (who) => {
    const person = who === 'an admin' ? admin : await t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
    const token = await tokenOf(person);
    const application = await grantOf(t.sql, org, person, `client of ${person.userId}`);
    const operations = (await operationsOf(t)).filter(
      ({ isPublic, name }) => !isPublic && !FOR_APPLICATIONS.includes(name),
    );
    const differing: string[] = [];
    const refused: string[] = [];
    for (const operation of operations) {
      const byToken = await ask(token.api.as({ orgId: '', workspaceId: '' }), operation);
      const byApplication = await ask(application.api, operation);
      if (codeOf(byApplication) === CODE) refused.push(operation.name);
      else if (summary(operation, byToken) !== summary(operation, byApplication))
        differing.push(
          `${operation.name}: ${summary(operation, byToken)}, ${summary(operation, byApplication)}`,
        );
    }

    expect(operations.length).toBeGreaterThan(150);
    expect(differing).toEqual([]);
    expect(refused.sort()).toEqual(MAKE_CREDENTIALS);
  });
});
