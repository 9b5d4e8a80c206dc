import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SystemRoleName } from '../../src/modules/roles/index.js';
import { EXAMPLE_IDS } from '../../src/openapi/reference/task.js';
import type { Reply } from '../support/api.js';
import { AUTHORIZATION_SERVER } from '../support/authorization-server.js';
import { badFieldsOf, badQueriesOf, type NullableField, nullableFieldsOf } from '../support/bad-values.js';
import { type OrgWithAdmin, type Person, role } from '../support/fixtures.js';
import { GROUP, type Scim, scimOf, USER } from '../support/scim.js';
import { ssoSettings } from '../support/sso-settings.js';
import { SSO_ENVIRONMENT, ssoStranger } from '../support/sso-stranger.js';
import { rowCounts } from '../support/stored-text.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** These grow with every request, refused or not. */
const RECORDS = ['audit_entries', 'audit_seals', 'rate_windows'];

let t: TestApp;
let org: OrgWithAdmin;
let foreign: OrgWithAdmin;
/** On the same database: organizations are created with single sign-on only. */
let sso: TestApp;
let founder: Person;
beforeAll(async () => {
  t = await startTestApp(AUTHORIZATION_SERVER);
  sso = await startTestApp(SSO_ENVIRONMENT, t.databaseUrl);
  founder = await ssoStranger(sso);
  org = await t.fixtures.defaultOrg();
  foreign = await t.fixtures.orgWithAdmin();
});
afterAll(async () => {
  await sso.close();
  await t.close();
});

const FOUNDING = new Set(['/api/v1/orgs', '/api/v1/tenants']);
const callerFor = (path: string) => (FOUNDING.has(path) ? founder.api : org.admin.api);

/** Runs `work` and fails if it wrote rows to any table but the request records. */
async function writingNothing(work: () => Promise<void>): Promise<void> {
  const before = await rowCounts(t.sql, RECORDS);
  await work();
  expect(await rowCounts(t.sql, RECORDS)).toEqual(before);
}

const pathTo = (template: string) =>
  template.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === 'workspace_id' ? org.workspaceId : randomUUID(),
  );
const places = ({ body }: Reply): string[] =>
  Array.isArray(body.detail)
    ? (body.detail as { loc: (string | number)[] }[]).map(({ loc }) => loc.join('.'))
    : String(body.error_description ?? body.error ?? body.detail)
        .split('; ')
        .map((problem) => problem.split(':', 1)[0]!);

/** Each evaluation of a list is denied by itself (docs/contract/authzen.md#many-evaluations). */
const IS_DENIED = 'POST /access/v1/evaluations evaluations: a list of lists';

describe('a request body', () => {
  it('returns an error at each field that violates the description, and writes nothing', async () => {
    const fields = await badFieldsOf(t);
    expect(fields.length).toBeGreaterThan(400);

    await writingNothing(async () => {
      const stray: string[] = [];
      for (const { method, path, field, isList, what, value } of fields) {
        const row = value === undefined ? {} : { [field]: value };
        const reply = await callerFor(path).send(method, pathTo(path), isList ? [row] : row);
        const place = isList ? `body.0.${field}` : `body.${field}`;
        const isNamed =
          [400, 422].includes(reply.status) && places(reply).some((one) => `${one}.`.startsWith(`${place}.`));
        const sentence = `${method} ${path} ${field}: ${what}`;
        if (!isNamed && sentence !== IS_DENIED)
          stray.push(`${sentence} -> ${reply.status} ${JSON.stringify(reply.body).slice(0, 160)}`);
      }
      expect(stray).toEqual([]);
    });
  });
});

describe('an oversized request body', () => {
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

  it('returns json_invalid for a body that is nested too deeply, at any place and for any caller', async () => {
    const lookUp = `{"email":"a@example.com","saml_provider_id":${deep(5_000)}}`;
    const invite = `[{"email":"${t.fixtures.email()}","unknown":${deep(5_000)}}]`;
    const key = { 'idempotency-key': randomUUID() };

    await writingNothing(async () => {
      const replies = [
        await t.api.post('/api/v1/sso/email-verification/status', null, { raw: lookUp }),
        await org.admin.api.post('/api/v1/orgs/current/members/batch', null, { raw: invite }),
        await org.admin.api.post('/api/v1/orgs/current/members/batch', null, { raw: invite, headers: key }),
      ];
      for (const { status, body } of replies)
        expect({ status, body }).toMatchObject({ status: 422, body: { detail: [{ type: 'json_invalid' }] } });
    });
    const shallow = `[{"email":"${t.fixtures.email()}","unknown":${deep(50)}}]`;
    expect(
      (await org.admin.api.post('/api/v1/orgs/current/members/batch', null, { raw: shallow })).status,
    ).toBe(200);
  });

  it('returns json_invalid for a body that is not UTF-8', async () => {
    const token = await t.fixtures.login(org.admin.email, org.admin.password);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = Buffer.from(
      '{"display_name":"\xff","description":"","permissions":["runs:read"]}',
      'latin1',
    );

    const reply = await fetch(`${t.url}/api/v1/orgs/current/roles`, { method: 'POST', headers, body });

    expect([reply.status, await reply.json()]).toMatchObject([422, { detail: [{ type: 'json_invalid' }] }]);
  });

  it('returns one error for a list with too many items', async () => {
    const permissions = Array.from({ length: 200_000 }, () => 1);
    const endless = { display_name: 'x', description: '', permissions };

    await writingNothing(async () => {
      const { status, body } = await org.admin.api.post('/api/v1/orgs/current/roles', endless);

      expect(status).toBe(422);
      expect(body.detail).toMatchObject([{ loc: ['body', 'permissions'], type: 'too_long' }]);
    });
  });

  it('names the first five thousand problems of a body that has more', async () => {
    const rows = Array.from({ length: 500 }, () => ({
      email: 'not-an-address',
      workspace_ids: Array.from({ length: 100 }, () => 'x'),
    }));

    const { status, body } = await org.admin.api.post('/api/v1/orgs/current/members/batch', rows);

    expect(status).toBe(422);
    expect(body.detail.length).toBeGreaterThanOrEqual(5_000);
    expect(body.detail.length).toBeLessThan(6_000);
  });
});

describe('an e-mail address', () => {
  const unfit: [what: string, email: unknown][] = [
    ['a full-width @', 'ada\uff20example.com'],
    ['a letter that NFKC changes', '\uff41da@example.com'],
    ['a Kelvin sign for a K', '\u212aate@example.com'],
    ['a domain with a trailing dot', 'ada@example.com.'],
    ['NUL', 'ada@example.com\0'],
    ['a zero-width space', 'ada\u200b@example.com'],
    ['a zero-width joiner in the domain', 'ada@exam\u200dple.com'],
    ['a line break', 'ada@example.com\r\nbcc:eve@example.com'],
    ['two addresses', 'ada@example.com,eve@example.com'],
    ['a display name', 'Ada <ada@example.com>'],
    ['a list of addresses', ['ada@example.com', 'eve@example.com']],
    ['an object', { $ne: '' }],
    ['a number', 7],
    ['null', null],
    ['nothing', ''],
    ['white space', '   '],
    [
      '255 bytes',
      `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(11)}`,
    ],
  ];
  const routes: [path: string, isList: boolean][] = [
    ['/api/v1/orgs/current/members', false],
    ['/api/v1/orgs/current/members/batch', true],
    ['/api/v1/orgs/current/members/basic/batch', true],
    ['/api/v1/workspaces/current/members/batch', true],
  ];

  it.each(unfit)(
    'returns 422 that names the row on every route that adds users for an invalid address: %s',
    async (_, email) => {
      await writingNothing(async () => {
        for (const [path, isList] of routes) {
          const good = { email: t.fixtures.email() };
          const reply = await org.admin.api.post(path, isList ? [good, { email }] : { email });
          expect({ path, status: reply.status, places: places(reply) }).toEqual({
            path,
            status: 422,
            places: [isList ? 'body.1.email' : 'body.email'],
          });
        }
      });
    },
  );

  it('treats an internationalised domain and its punycode as one address', async () => {
    const local = t.fixtures.email().split('@')[0]!;

    const first = await org.admin.api.post('/api/v1/orgs/current/members', {
      email: `${local}@bücher.example`,
    });
    const again = await org.admin.api.post('/api/v1/orgs/current/members', {
      email: ` ${local.toUpperCase()}@XN--BCHER-KVA.example`,
    });

    expect(first).toMatchObject({ status: 200, body: { email: `${local}@xn--bcher-kva.example` } });
    expect(again.status).toBe(409);
  });

  it('treats an address with a Cyrillic look-alike as another address', async () => {
    const latin = t.fixtures.email('paypal');
    const lookAlike = latin.replace('a', '\u0430');

    const replies = [
      await org.admin.api.post('/api/v1/orgs/current/members', { email: latin }),
      await org.admin.api.post('/api/v1/orgs/current/members', { email: lookAlike }),
    ];

    expect(replies.map(({ status, body }) => [status, body.email])).toEqual([
      [200, latin],
      [200, lookAlike],
    ]);
    expect(replies[0]!.body.id).not.toBe(replies[1]!.body.id);
  });

  it('applies the rule for addresses to the security contact of the organization', async () => {
    for (const security_contact of [
      'ada\uff20example.com',
      'ada',
      'ada@example.com\0',
      ['ada@example.com'],
      '',
    ])
      expect(await org.admin.api.patch('/api/v1/orgs/current/info', { security_contact })).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'security_contact'] }] },
      });
    const kept = await org.admin.api.patch('/api/v1/orgs/current/info', {
      security_contact: ' Ada@Example.com\n',
    });
    expect(kept.body.security_contact).toBe('ada@example.com');
  });
});

describe('a batch of rows', () => {
  const routes = [
    '/api/v1/orgs/current/members/batch',
    '/api/v1/orgs/current/members/basic/batch',
    '/api/v1/workspaces/current/members/batch',
  ];

  it.each(routes)(
    'writes nothing for a batch of 501 rows, a body that is no list, or one bad row: %s',
    async (path) => {
      const people = (count: number) => Array.from({ length: count }, () => ({ email: t.fixtures.email() }));

      await writingNothing(async () => {
        expect(await org.admin.api.post(path, people(501))).toMatchObject({
          status: 422,
          body: { detail: [{ loc: ['body'], type: 'too_long' }] },
        });
        expect(await org.admin.api.post(path, { email: t.fixtures.email() })).toMatchObject({
          status: 422,
          body: { detail: [{ loc: ['body'], type: 'list_type' }] },
        });
        const mixed = await org.admin.api.post(path, [
          ...people(2),
          { email: 7 },
          'text',
          null,
          ...people(1),
          {},
        ]);
        expect(mixed.status).toBe(422);
        expect(places(mixed)).toEqual(['body.2.email', 'body.3', 'body.4', 'body.6.email']);
      });
    },
  );

  it.each(routes)(
    'returns 404 when a row names a role or workspace of another organization: %s',
    async (path) => {
      const inWorkspace = path.includes('workspaces');
      const wishes: [field: string, wish: object][] = [
        ['role_id', { role_id: await foreignRole() }],
        ['role_id', { role_id: randomUUID() }],
        ['role_id', { role_id: role('WORKSPACE_ADMIN') }],
        ['workspace_role_id', { workspace_ids: [org.workspaceId], workspace_role_id: await foreignRole() }],
        [
          'workspace_role_id',
          { workspace_ids: [org.workspaceId], workspace_role_id: role('ORGANIZATION_ADMIN') },
        ],
        ...(inWorkspace
          ? []
          : ([['workspace_ids', { workspace_ids: [foreign.workspaceId] }]] as [string, object][])),
      ];

      await writingNothing(async () => {
        for (const [field, wish] of wishes) {
          const reply = await org.admin.api.post(path, [
            { email: t.fixtures.email() },
            { email: t.fixtures.email(), ...wish },
          ]);
          expect({ wish, status: reply.status, places: places(reply) }).toEqual({
            wish,
            status: 404,
            places: [`body.1.${field}`],
          });
        }
      });
    },
  );

  const foreignRole = async () =>
    (
      await foreign.admin.api.post('/api/v1/orgs/current/roles', {
        display_name: randomUUID(),
        description: '',
        permissions: ['workspaces:read'],
      })
    ).body.id as string;
});

describe('undeclared keys of a body', () => {
  it('ignores undeclared keys in bodies and queries, since clients send more than the API declares', async () => {
    const extra = {
      workspace_idz: 1,
      is_admin: true,
      id: 'nonsense',
      org_id: foreign.orgId,
      constructor: {},
    };
    const api = org.admin.api;

    const replies = [
      await api.post('/api/v1/orgs/current/members', { ...extra, email: t.fixtures.email() }),
      await api.post('/api/v1/workspaces/current/members/batch', [{ ...extra, email: t.fixtures.email() }]),
      await api.post('/api/v1/orgs/current/roles', {
        ...extra,
        display_name: randomUUID(),
        description: '',
        permissions: ['runs:read'],
      }),
      await api.post('/api/v1/orgs/current/personal-access-tokens', extra),
      await api.patch('/api/v1/orgs/current/info', extra),
      await api.get('/api/v1/orgs/current/members/active?nonsense=1&limit=1&org_id=x'),
    ];

    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(replies[0]!.body.organization_id).toBe(org.orgId);
    expect(replies[2]!.body.organization_id).toBe(org.orgId);
  });
});

describe('a very long text', () => {
  const long = Array.from({ length: 2000 }, () => randomUUID()).join('');
  const wishes: [path: string, body: object][] = [
    ['/api/v1/orgs/current/roles', { display_name: 'Long', description: long, permissions: ['runs:read'] }],
    ['/api/v1/orgs/current/roles', { display_name: long, description: '', permissions: ['runs:read'] }],
    ['/api/v1/orgs/current/personal-access-tokens', { description: long }],
    ['/api/v1/orgs/current/service-keys', { description: long }],
    ['/api/v1/workspaces', { display_name: long }],
    ['/api/v1/orgs', { display_name: long, is_personal: false }],
    ['/api/v1/orgs/current/members', { email: 'long@example.com', full_name: long }],
    ['/api/v1/service-accounts', { name: long }],
  ];

  it.each(wishes)(
    'returns 422 for a long text, which lists would repeat up to five hundred times: %s',
    async (path, body) => {
      const reply = await callerFor(path).post(path, body);

      const [field] = Object.entries(body).find(([, value]) => value === long)!;
      expect([reply.status, places(reply)]).toEqual([422, [`body.${field}`]]);
    },
  );

  it('accepts a full name of 255 characters and returns 422 for a longer one', async () => {
    const change = async (full_name: string) =>
      (await org.admin.api.patch('/api/v1/orgs/members/basic', { full_name })).status;

    expect([await change('\u{1F600}'.repeat(127)), await change('n'.repeat(256))]).toEqual([200, 422]);
  });
});

describe('a query string', () => {
  it('returns an error at each query parameter that violates the description', async () => {
    // Single sign-on is not set up here (404), and unknown operations of the audit log select nothing.
    const queries = (await badQueriesOf(t)).filter(
      ({ path, name }) =>
        !path.includes('/oauth/') && !(path.endsWith('/audit-logs') && name === 'operations'),
    );
    expect(queries.length).toBeGreaterThan(50);

    const stray: string[] = [];
    for (const { path, name, value } of queries) {
      const reply = await org.admin.api.get(`${pathTo(path)}?${name}=${value}`);
      const isNamed =
        [400, 422].includes(reply.status) &&
        places(reply).some((one) => `${one}.`.startsWith(`query.${name}.`));
      if (!isNamed)
        stray.push(`${path}?${name}=${value} -> ${reply.status} ${JSON.stringify(reply.body).slice(0, 160)}`);
    }
    expect(stray).toEqual([]);
  });

  it('returns 422 for more addresses in a query than a page holds', async () => {
    const emails = Array.from({ length: 501 }, (_, index) => `emails=p${index}%40example.com`).join('&');

    const reply = await org.admin.api.get(`/api/v1/orgs/current/members/active?${emails}`);

    expect(reply).toMatchObject({ status: 422, body: { detail: [{ loc: ['query', 'emails'] }] } });
  });
});

describe('names', () => {
  let scim: Scim;
  beforeAll(async () => {
    scim = await scimOf(org.admin.api);
  });

  const INVISIBLE: [what: string, name: string][] = [
    ['a soft hyphen', 'Ro\u00adbot'],
    ['a zero-width space', 'Robot\u200b'],
    ['a right-to-left override', '\u202eRobot'],
    ['a tab', 'Ro\tbot'],
    ['an escape character', '\u001b[31mRobot'],
    ['a line separator', 'Robot\u2028Admin'],
    ['a Hangul filler', 'Robot\u3164'],
  ];

  describe('a name with an invisible character', () => {
    const wishes = (name: string): [method: string, path: string, body: Record<string, unknown>][] => [
      ['POST', '/api/v1/service-accounts', { name }],
      ['POST', '/api/v1/workspaces', { display_name: name }],
      ['PATCH', `/api/v1/workspaces/${org.workspaceId}`, { display_name: name }],
      ['PATCH', '/api/v1/orgs/current/info', { display_name: name }],
      ['POST', '/api/v1/orgs/current/service-keys', { description: name }],
      ['PATCH', `/api/v1/orgs/current/service-keys/${org.orgId}`, { description: name }],
      ['POST', '/api/v1/orgs/current/personal-access-tokens', { description: name }],
      ['POST', '/api/v1/api-key', { description: name }],
      ['POST', '/api/v1/api-key/current', { description: name }],
      [
        'POST',
        '/api/v1/orgs/current/roles',
        { display_name: name, description: '', permissions: ['runs:read'] },
      ],
    ];

    it.each(INVISIBLE)('returns 422 on every route that names something: %s', async (_, name) => {
      const stranger = await ssoStranger(sso);
      const before = await rowCounts(t.sql, RECORDS);

      for (const [method, path, body] of wishes(name)) {
        const { status, body: response } = await org.admin.api.send(method, path, body);
        const [field] = Object.keys(body);
        expect([path, status, response.detail]).toMatchObject([path, 422, [{ loc: ['body', field] }]]);
      }
      for (const [path, body] of [
        ['/api/v1/orgs', { display_name: name, is_personal: false }],
        ['/api/v1/tenants', { display_name: name }],
      ] as const)
        expect([path, (await stranger.api.post(path, body)).status]).toEqual([path, 422]);
      const group = await scim.post('/Groups', { schemas: [GROUP], displayName: name });
      expect(group).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
      expect(await rowCounts(t.sql, RECORDS)).toEqual(before);
    });
  });

  describe('a SCIM group whose stored name has an invisible character', () => {
    it('keeps its name and accepts other changes, but no other such name', async () => {
      const { body } = await scim.post('/Groups', { schemas: [GROUP], displayName: 'Former' });
      await t.sql('update scim_groups set display_name = $1 where id = $2', ['Old\u200bname', body.id]);
      const path = `/Groups/${body.id}`;

      const changed = await scim.patch(path, [{ op: 'replace', path: 'externalId', value: 'old' }]);
      const replaced = await scim.put(path, { schemas: [GROUP], displayName: 'Old\u200bname' });
      const renamed = await scim.patch(path, [
        { op: 'replace', path: 'displayName', value: 'New\u200bname' },
      ]);

      expect([changed.status, replaced.status, renamed.status]).toEqual([204, 200, 400]);
    });
  });

  describe('the name of a person', () => {
    const misleading = [
      'A\u0007da',
      'A\u0085da',
      '\u202eada',
      'A\u200fda',
      'A\u2066da',
      'Ada\u2028',
      'A\u061cda',
      'Ada\n',
    ];
    const routes = (full_name: string): [method: string, path: string, body: unknown][] => [
      ['PATCH', '/api/v1/orgs/members/basic', { full_name }],
      ['PATCH', `/api/v1/orgs/current/members/${org.admin.membershipId}`, { full_name }],
      ['POST', '/api/v1/orgs/current/members', { email: t.fixtures.email(), full_name }],
      ['POST', '/api/v1/orgs/current/members/batch', [{ email: t.fixtures.email(), full_name }]],
      ['POST', '/api/v1/workspaces/current/members/batch', [{ email: t.fixtures.email(), full_name }]],
      ['POST', '/api/v1/orgs/current/members/basic/batch', [{ email: t.fixtures.email(), full_name }]],
    ];

    it.each(misleading)('returns 422 for the name %j, which misleads where it is shown', async (name) => {
      for (const [method, path, body] of routes(name)) {
        const { status, body: response } = await org.admin.api.send(method, path, body);
        expect([path, status, response?.detail?.[0].loc.at(-1)]).toEqual([path, 422, 'full_name']);
      }
    });

    it.each(['می\u200cخواهم', 'ක්\u200dර', 'Größe', '日本語', "O'Neill"])(
      'accepts the name %j of a person',
      async (name) => {
        for (const [method, path, body] of routes(name))
          expect([path, (await org.admin.api.send(method, path, body)).status]).toEqual([path, 200]);
      },
    );

    it('is stored without such characters when a provider sends them over SCIM, which answers what was sent', async () => {
      const [email, sent] = [t.fixtures.email(), '\u202eA\u200dda\u0007 \u0085Lovelace\u2069'];
      const { status, body } = await scim.post('/Users', {
        schemas: [USER],
        userName: email,
        displayName: sent,
      });
      const name = async () => (await t.sql('select full_name from users where email = $1', [email]))[0];

      expect([status, body.displayName]).toEqual([201, sent]);
      expect(await name()).toEqual({ full_name: 'A\u200dda Lovelace' });
      const renamed = await scim.patch(`/Users/${body.id}`, [
        { op: 'replace', path: 'displayName', value: '\u202bGrace' },
      ]);
      expect([renamed.status, await name()]).toEqual([200, { full_name: 'Grace' }]);
    });
  });

  it('accepts names in other scripts and symbols without invisible characters', async () => {
    for (const name of ['Größe', '日本語', 'Ключ №1', '🚀', 'a\u00a0b'])
      expect((await org.admin.api.post('/api/v1/service-accounts', { name })).status).toBe(200);
  });
});

describe('null in a request body', () => {
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
      if (nullable.path.endsWith('/test-sign-in')) continue; // only with an Origin and single sign-on: sso-assurance
      const { method, path, field } = nullable;
      const caller = callerFor(path);
      const target = path.replace(/\{(\w+)\}/g, () => (path.includes('sso-settings') ? id : randomUUID()));
      const reply = await caller.send(method, target, bodyWithNull(nullable));
      if (![200, 201, 404, 409].includes(reply.status))
        refused.push(
          `${method} ${path} ${field.join('.')} -> ${reply.status} ${JSON.stringify(reply.body).slice(0, 200)}`,
        );
    }

    expect(refused).toEqual([]);
  });
});
