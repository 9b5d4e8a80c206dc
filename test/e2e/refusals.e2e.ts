import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Api, As, Reply } from '../support/api.js';
import { AUTHORIZATION_SERVER } from '../support/authorization-server.js';
import { randomKey, tamperedTokens } from '../support/forged-credentials.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { filled, type Operation, isPlatform, messageMember, operationsOf } from '../support/operations.js';
import { JWT_SECRET, startTestApp, type TestApp } from '../support/test-app.js';

/** Declared with a key by the published API, but for sessions only (docs/contract/keys.md#creating-keys). */
const SESSION_ONLY = ['PATCH /api/v1/orgs/members/basic'];

/** Belongs to no organization: the id headers are ignored. */
const WITHOUT_CONTEXT = new Set([
  'DELETE /v1/platform/oauth/authorized-apps',
  'DELETE /v1/platform/oauth/authorized-apps/{client}',
  'GET /api/v1/orgs/permissions',
  'GET /v1/platform/oauth/authorized-apps',
]);

/** Parameters that are no ids. */
const WORDS = new Set(['field', 'sso_login_slug']);

const POLICY_IDS = { access_policy_ids: [randomUUID()] };

/** The bodies of well-formed requests, so that only the id in the path is wrong. */
const BODIES: Record<string, unknown> = {
  'POST /api/v1/orgs/current/webhooks/{webhook_id}/redeliver': { failed: true },
  'PATCH /api/v1/orgs/current/roles/{role_id}': {
    display_name: 'X',
    description: '',
    permissions: ['runs:read'],
  },
  'POST /api/v1/orgs/current/access-requests/{access_request_id}/decline': { reason: 'No' },
  'PUT /api/v1/orgs/current/roles/{role_id}/restriction': { is_restricted: true },
  'PATCH /api/v1/workspaces/{workspace_id}': { display_name: 'X' },
  'POST /api/v1/workspaces/current/tag-keys/{tag_key_id}/tag-values': { value: 'X' },
  'PATCH /api/v1/workspaces/current/members/{identity_id}': { role_id: randomUUID() },
  'PATCH /api/v1/orgs/current/members/{identity_id}/pending': { role_id: randomUUID() },
  'PATCH /api/v1/workspaces/current/members/{identity_id}/pending': { role_id: randomUUID() },
  'POST /v1/platform/orgs/current/access-policies/roles/{role_id}/access-policies': POLICY_IDS,
  'DELETE /v1/platform/orgs/current/access-policies/roles/{role_id}/access-policies': POLICY_IDS,
  'POST /v1/platform/orgs/current/roles/{role_id}/access-policies': POLICY_IDS,
  'POST /v1/platform/orgs/current/user-groups/{user_group_id}/members': { identity_ids: [randomUUID()] },
  'POST /v1/platform/orgs/current/user-groups/{user_group_id}/access-policies': {
    access_policy_id: randomUUID(),
  },
  'POST /v1/platform/orgs/current/user-groups/{user_group_id}/workspaces': {
    workspace_id: randomUUID(),
    role_id: role('WORKSPACE_VIEWER'),
  },
  'PATCH /v1/platform/orgs/current/user-groups/{user_group_id}/workspaces/{workspace_id}': {
    role_id: role('WORKSPACE_VIEWER'),
  },
};

/** The required queries of well-formed requests. */
const QUERIES: Record<string, string> = {
  'DELETE /v1/platform/orgs/current/roles/{role_id}/access-policies': `?access_policy_ids=${randomUUID()}`,
};

/** Deleting a resource that does not exist succeeds (docs/contract/roles.md#access-policies). */
const IDEMPOTENT = new Set([
  'DELETE /v1/platform/orgs/current/access-policies/{access_policy_id}',
  'DELETE /v1/platform/orgs/current/user-groups/{user_group_id}',
]);

let t: TestApp;
let org: OrgWithAdmin;
let operations: Operation[];
beforeAll(async () => {
  t = await startTestApp(AUTHORIZATION_SERVER);
  org = await t.fixtures.defaultOrg();
  operations = await operationsOf(t);
});
afterAll(() => t.close());

const guarded = () => operations.filter(({ isPublic }) => !isPublic);
const withIds = () =>
  operations.filter(
    ({ isPublic, pathParameters: names }) => !isPublic && names.some((name) => !WORDS.has(name)),
  );

function call(
  api: Api,
  operation: Operation,
  values: Record<string, string> = {},
  otherwise: string = randomUUID(),
) {
  const body = BODIES[operation.name] ?? (operation.hasBody ? {} : undefined);
  const path = filled(operation, values, otherwise) + (QUERIES[operation.name] ?? '');
  return api.send(operation.method, path, body);
}

/** The operations with an unexpected response, so that a failure names them all. */
async function failuresOf(
  which: Operation[],
  ask: (operation: Operation) => Promise<Reply>,
  isRight: (reply: Reply, operation: Operation) => boolean,
): Promise<string[]> {
  expect(which.length).toBeGreaterThan(0);
  const stray: string[] = [];
  for (const operation of which) {
    const reply = await ask(operation);
    if (!isRight(reply, operation))
      stray.push(`${operation.name}: ${reply.status} ${JSON.stringify(reply.body).slice(0, 200)}`);
  }
  return stray;
}

const PROBLEM_MEMBERS = ['type', 'title', 'status', 'detail'];
/** The same members for every caller, with a text that says nothing of the operation. */
const hasOnlyText = (body: Record<string, unknown>, operation: Operation, text: string) => {
  const member = messageMember(operation);
  const expected = operation.returnsProblems ? PROBLEM_MEMBERS : [member];
  if (member === 'error_description') expected.push('error');
  const more = Object.keys(body).filter((name) => !expected.includes(name) && body[name] !== text);
  return body[member] === text && expected.every((name) => name in body) && more.length === 0;
};
/** With the document of the resource, and whether a token was sent (docs/contract/oauth.md#addresses-and-documents). */
const CHALLENGE =
  /^Bearer (?:error="invalid_token", )?resource_metadata="http:\/\/127\.0\.0\.1\/api\/\.well-known\/oauth-protected-resource"$/;
const is401 = ({ status, headers, body }: Reply, operation: Operation) =>
  status === 401 &&
  CHALLENGE.test(headers.get('www-authenticate') ?? '') &&
  hasOnlyText(body, operation, 'Invalid token');
const isText = (status: number) => (reply: Reply, operation: Operation) =>
  reply.status === status && typeof reply.body[messageMember(operation)] === 'string';

describe('every operation that is not public', () => {
  it('returns 401 for a call without a credential', async () => {
    expect(await failuresOf(guarded(), (operation) => call(t.api, operation), is401)).toEqual([]);
  });

  it('returns the same 401 for every kind of bad credential, whatever else the request contains', async () => {
    const bad = await badCredentials();

    for (const [what, credential] of bad) {
      const client = t.api.as({ ...credential, orgId: org.orgId, workspaceId: org.workspaceId });
      const stray = await failuresOf(
        guarded(),
        (operation) => call(client, operation, { workspace_id: org.workspaceId }),
        is401,
      );
      expect({ what, stray }).toEqual({ what, stray: [] });
    }
  });

  it('refuses a bad credential before it checks ids, headers or bodies', async () => {
    const client = t.api.as({ key: randomKey(), orgId: 'nonsense', workspaceId: 'nonsense' });
    const ask = ({ method, path, hasBody }: Operation) =>
      client.send(method, path.replace(/\{\w+\}/g, 'nonsense'), undefined, hasBody ? { raw: '{' } : {});

    expect(await failuresOf(guarded(), ask, is401)).toEqual([]);
  });

  it('refuses an organization that is not the caller’s before it checks permissions', async () => {
    const foreign = await t.fixtures.orgWithAdmin();
    const named = guarded().filter(({ name, takesKeys }) => takesKeys && !WITHOUT_CONTEXT.has(name));
    const client = org.admin.api.as({ orgId: foreign.orgId, workspaceId: undefined });

    expect(await failuresOf(named, (operation) => call(client, operation), isText(403))).toEqual([]);
  });

  async function badCredentials(): Promise<[what: string, credential: As][]> {
    const token = await t.fixtures.login(org.admin.email, org.admin.password);
    const tampered = new Map(tamperedTokens(token, JWT_SECRET));
    const expired = await expiredKeys();
    const flipped = expired[0].slice(0, -1) + (expired[0].endsWith('0') ? '1' : '0');
    return [
      ['an invented token', { key: randomKey('lsv2_pt_') }],
      ['an invented key', { key: randomKey('lsv2_sk_') }],
      ['a mistyped key', { key: flipped }],
      ['an expired token', { key: expired[0] }],
      ['an expired key', { token: expired[1] }],
      ...['alg none', 'another secret', 'another audience', 'a session that never was'].map(
        (what): [string, As] => [what, { token: tampered.get(what)! }],
      ),
    ];
  }

  async function expiredKeys(): Promise<[token: string, key: string]> {
    const paths = ['personal-access-tokens', 'service-keys'];
    const made = await Promise.all(
      paths.map((path) => org.admin.api.post(`/api/v1/orgs/current/${path}`, {})),
    );
    await t.sql(`update api_keys set expires_at = now() - interval '1 second' where id = any($1)`, [
      made.map(({ body }) => body.id as string),
    ]);
    return made.map(({ body }) => body.key as string) as [string, string];
  }
});

describe('every operation for sessions only', () => {
  it('refuses a token of a user who may do it in their session', async () => {
    const { body } = await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const client = t.api.as({ key: body.key as string });
    const forPeople = guarded().filter(({ takesKeys, name }) => !takesKeys || SESSION_ONLY.includes(name));

    expect(forPeople.length).toBeGreaterThanOrEqual(SESSION_ONLY.length);
    expect(await failuresOf(forPeople, (operation) => call(client, operation), isText(403))).toEqual([]);
  });
});

describe('every operation that needs a permission', () => {
  it('refuses a caller without the permission in the organization and workspace where they act', async () => {
    const lacking = await callersWithout();
    const ask = (operation: Operation) =>
      call(lacking[scopeOf(operation.permission!)]!, operation, { workspace_id: org.workspaceId });
    const permitted = guarded().filter(({ permission }) => permission !== null);

    expect(new Set(permitted.map(({ permission }) => scopeOf(permission!)))).toEqual(
      new Set(Object.keys(lacking)),
    );
    expect(await failuresOf(permitted, ask, isText(403))).toEqual([]);
  });

  const scopeOf = (permission: string) => (permission.startsWith('workspaces:') ? 'workspaces' : permission);

  /** For each permission, a caller who does not have it and otherwise has as many as possible. */
  async function callersWithout(): Promise<Record<string, Api>> {
    const { body: custom } = await org.admin.api.post('/api/v1/orgs/current/roles', {
      display_name: 'Everything else',
      description: '',
      permissions: ['runs:create', 'projects:delete', 'datasets:share'],
    });
    const { body: limited } = await org.admin.api.post('/api/v1/orgs/current/service-keys', {
      workspaces: [org.workspaceId],
    });
    const user = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const viewer = await t.fixtures.member(org, { org: 'ORGANIZATION_VIEWER', workspace: 'WORKSPACE_ADMIN' });
    const narrow = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: custom.id as string,
    });
    return {
      'organization:manage': user.api,
      'organization:pats:create': viewer.api,
      'organization:read': t.api.as({ key: limited.key as string }),
      'organization:user-groups:read': t.api.as({ key: limited.key as string }),
      'organization:user-groups:manage': user.api,
      'organization:user-groups:manage-grants': user.api,
      workspaces: narrow.api,
    };
  }
});

describe('every operation with an id in its path', () => {
  it('returns 404 for an id that does not exist', async () => {
    const missing = withIds().filter(({ name }) => !IDEMPOTENT.has(name));

    expect(await failuresOf(missing, (operation) => call(org.admin.api, operation), isText(404))).toEqual([]);
  });

  it('returns 422 that names the parameter when the id is malformed', async () => {
    const declared = withIds().filter((operation) => !isPlatform(operation));

    for (const id of NO_IDS) {
      const ask = (operation: Operation) => call(org.admin.api, operation, {}, id);
      expect({ id, stray: await failuresOf(declared, ask, namesItsParameter) }).toEqual({ id, stray: [] });
    }
  });

  it('returns 400 or 404 for a malformed id on platform routes, which declare no 422', async () => {
    const platform = withIds().filter(
      (operation) => isPlatform(operation) && !IDEMPOTENT.has(operation.name),
    );

    for (const id of NO_IDS) {
      const ask = (operation: Operation) => call(org.admin.api, operation, {}, id);
      expect({ id, stray: await failuresOf(platform, ask, is400or404) }).toEqual({ id, stray: [] });
    }
  });

  const NO_IDS = ['nonsense', '0', `${randomUUID()}0`, `${randomUUID().slice(0, -1)}g`, '\0'];
  const namesItsParameter = ({ status, body }: Reply, { pathParameters }: Operation) =>
    status === 422 && pathParameters.some((name) => String(body.detail?.[0]?.loc) === `path,${name}`);
  const is400or404 = (reply: Reply, operation: Operation) =>
    isText(400)(reply, operation) || isText(404)(reply, operation);
});
