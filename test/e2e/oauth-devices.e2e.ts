import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/audit-log.js';
import { auditOf } from '../support/audit.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import {
  CLI,
  DEVICE_GRANT,
  exchangeDevice,
  type OauthApp,
  refresh,
  signDeviceIn,
  startOauthApp,
} from '../support/oauth.js';
import { pg } from '../support/postgres-client.js';
import { columnsContaining } from '../support/stored-text.js';
import { waitForBlockedQuery } from '../support/waiting-for-locks.js';

let t: OauthApp;
let org: OrgWithAdmin;
beforeAll(async () => {
  t = await startOauthApp();
  org = await t.fixtures.defaultOrg();
});
afterAll(() => t.close());

const CODE = '/api/v1/oauth/device/code';
const REQUEST = '/api/v1/oauth/device/request';
const DECIDE = '/api/v1/oauth/device/authorize';

const member = () => t.fixtures.member(org, { workspace: 'WORKSPACE_USER' });
const newDevice = async () => (await t.post(CODE, { client_id: CLI })).body;
const approve = (userCode: string, api: OrgWithAdmin['admin']['api'], more: Record<string, string> = {}) =>
  t.post(DECIDE, { organization_id: org.orgId, user_code: userCode, ...more }, api.as({ orgId: org.orgId }));

describe('a device', () => {
  it('a device gets a code to show, with addresses below the public one, whatever Host it names', async () => {
    const { status, body } = await t.api.post(CODE, undefined, {
      raw: `client_id=${CLI}&resource=${encodeURIComponent(t.issuer)}`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-forwarded-host': 'attacker.example',
      },
    });

    const page = `${t.issuer.slice(0, -4)}/console/activate`;
    expect(status).toBe(200);
    expect(body).toEqual({
      device_code: expect.stringMatching(/^tnt_dc_[\w-]{43}$/),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${body.user_code}`,
      expires_in: 600,
      interval: 5,
    });
  });

  it('a device that waits is told so, too fast a second time, and gets tokens once a person has approved', async () => {
    const person = await member();
    const device = await newDevice();

    expect(await exchangeDevice(t, device.device_code)).toMatchObject({
      status: 400,
      body: { error: 'authorization_pending' },
    });
    expect(await exchangeDevice(t, device.device_code)).toMatchObject({
      status: 400,
      body: { error: 'slow_down' },
    });
    const shown = await t.post(
      REQUEST,
      { user_code: device.user_code.toLowerCase().replace('-', ' ') },
      person.api,
    );
    const approved = await approve(device.user_code, person.api, { workspace_id: org.workspaceId });
    const tokens = await exchangeDevice(t, device.device_code);

    expect(shown.body).toMatchObject({
      client: { client_id: CLI, client_name: 'LangSmith CLI' },
      user_code: device.user_code,
      requested_from: '127.0.0.1',
    });
    expect(approved.body).toEqual({ status: 'authorized', client_id: CLI });
    expect(tokens.status).toBe(200);
    expect(tokens.headers.get('cache-control')).toBe('no-store');
    expect(tokens.body).toEqual({
      access_token: expect.stringMatching(/^tnt_at_[\w-]{43}$/),
      token_type: 'Bearer',
      expires_in: 900,
      refresh_token: expect.stringMatching(/^tnt_rt_[\w-]{43}$/),
      workspace_id: org.workspaceId,
    });
    expect(await auditOf(t, org.orgId, ['create_oauth_grant'])).not.toEqual([]);
  });

  it('neither codes nor tokens are stored, and what is stored is no token', async () => {
    const device = await newDevice();
    await approve(device.user_code, (await member()).api);
    const { body } = await exchangeDevice(t, device.device_code);

    for (const secret of [device.device_code, body.access_token, body.refresh_token])
      for (const part of [secret, secret.slice(7)]) expect(await columnsContaining(t.sql, part)).toEqual([]);
    expect(await columnsContaining(t.sql, device.user_code.replace('-', ''))).toEqual([]);
    const digests = await t.sql<{ hex: string; text: string }>(
      `select encode(digest, 'hex') as hex, replace(replace(rtrim(encode(digest, 'base64'), '='), '+', '-'), '/', '_') as text
       from oauth_artifacts where kind = 'RefreshToken'`,
    );
    for (const { hex, text } of digests)
      for (const forged of [hex, `tnt_rt_${text}`])
        expect((await refresh(t, forged)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('a denied device is told so, and gets nothing afterwards', async () => {
    const device = await newDevice();

    const denied = await approve(device.user_code, (await member()).api, { action: 'deny' });

    expect(denied.body).toEqual({ status: 'denied', client_id: CLI });
    expect((await exchangeDevice(t, device.device_code)).body).toMatchObject({ error: 'access_denied' });
    expect((await approve(device.user_code, (await member()).api)).body).toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('one of two approvals at once counts', async () => {
    const device = await newDevice();
    const people = [await member(), await member()];

    const answers = await Promise.all(people.map(({ api }) => approve(device.user_code, api)));

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    const grants = await t.sql(
      'select 1 from oauth_grants g join org_memberships m on m.org_id = g.org_id and m.user_id = g.user_id where g.user_id = any($1)',
      [people.map(({ userId }) => userId)],
    );
    expect(grants).toHaveLength(1);
  });

  it('two exchanges at once give tokens at most once', async () => {
    const device = await newDevice();
    await approve(device.user_code, (await member()).api);

    const answers = await Promise.all([1, 2].map(() => exchangeDevice(t, device.device_code)));

    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  it('an expired device code says so', async () => {
    const device = await newDevice();
    await t.sql(
      "update oauth_artifacts set expires_at = now() - interval '1 second' where kind = 'DeviceCode' and grant_id is null",
    );

    expect((await exchangeDevice(t, device.device_code)).body).toMatchObject({ error: 'expired_token' });
    expect((await t.post(REQUEST, { user_code: device.user_code }, (await member()).api)).body).toMatchObject(
      {
        error: 'invalid_grant',
      },
    );
  });

  it.each<[string, string, Record<string, string>]>([
    ['an unknown application', 'invalid_client', { client_id: 'unregistered' }],
    ['another resource', 'invalid_target', { client_id: CLI, resource: 'https://example.com' }],
    ['no application', 'invalid_request', {}],
  ])('a device code is refused for %s', async (_, error, parameters) => {
    expect(await t.post(CODE, parameters)).toMatchObject({ status: 400, body: { error } });
  });

  it('a device code is for the application that got it', async () => {
    const device = await newDevice();
    await approve(device.user_code, (await member()).api);

    expect((await exchangeDevice(t, device.device_code, 'tenantry-cli')).body).toMatchObject({
      error: 'invalid_grant',
    });
    expect((await exchangeDevice(t, device.device_code)).status).toBe(200);
  });
});

it('polls and approvals among 2,000 pending device codes use indexes', async () => {
  const own = await startOauthApp();
  const { admin, orgId } = await own.fixtures.defaultOrg();
  await own.sql(
    `insert into oauth_artifacts (digest, kind, client_id, user_code_digest, content, expires_at)
     select uuid_send(gen_random_uuid()), 'DeviceCode', $1, uuid_send(gen_random_uuid()), '{}', now() + interval '10 minutes'
     from generate_series(1, 2000)`,
    [CLI],
  );
  await own.sql('analyze oauth_artifacts');
  const scans = async () => {
    const [counts] = await own.sql<{ sequential: number; byIndex: number }>(
      `select seq_scan::int as sequential, idx_scan::int as "byIndex" from pg_stat_user_tables where relname = 'oauth_artifacts'`,
    );
    return counts!;
  };
  const before = await scans();

  for (let time = 0; time < 5; time++) await signDeviceIn(own, admin, orgId);
  await until(async () => (await scans()).byIndex >= before.byIndex + 20);

  expect((await scans()).sequential).toBe(before.sequential);
  await own.close();
});

describe('user codes', () => {
  it('ten wrong user codes in an hour are enough for a session; right ones do not count', async () => {
    const person = await member();
    const device = await newDevice();
    for (let guess = 0; guess < 10; guess++) {
      await t.sql("update rate_windows set started_at = started_at - interval '2 minutes'");
      expect((await t.post(REQUEST, { user_code: device.user_code }, person.api)).status).toBe(200);
      expect((await t.post(REQUEST, { user_code: 'BBBB-BBBB' }, person.api)).status).toBe(400);
    }

    expect((await t.post(REQUEST, { user_code: 'BBBB-BBBB' }, person.api)).status).toBe(429);
    expect((await t.post(REQUEST, { user_code: device.user_code }, person.api)).status).toBe(429);
    expect((await t.post(REQUEST, { user_code: device.user_code }, (await member()).api)).status).toBe(200);
  });
});

describe('an approval', () => {
  it('an approval needs a session, and the organization of the request', async () => {
    const person = await member();
    const { user_code: code } = await newDevice();
    const { body: token } = await person.api.post('/api/v1/orgs/current/personal-access-tokens', {});
    const other = await t.fixtures.orgWithAdmin();

    expect((await approve(code, t.api)).status).toBe(401);
    expect((await approve(code, t.api.as({ key: token.key }))).status).toBe(403);
    expect((await approve(code, person.api, { organization_id: other.orgId })).body).toMatchObject({
      error: 'access_denied',
    });
    expect((await approve(code, person.api, { workspace_id: other.workspaceId })).status).toBe(404);
  });

  it('nothing is approved while personal access tokens are switched off; what was approved stays', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const tokens = await signDeviceIn(t, own.admin, own.orgId);
    await own.admin.api
      .as({ orgId: own.orgId })
      .patch('/api/v1/orgs/current/info', { pat_creation_disabled: true });
    const { user_code: code } = await newDevice();

    const refused = await t.post(
      DECIDE,
      { organization_id: own.orgId, user_code: code },
      own.admin.api.as({ orgId: own.orgId }),
    );

    expect(refused).toMatchObject({ status: 403, body: { error: 'access_denied' } });
    expect(refused.headers.get('x-error-code')).toBe('pat_creation_disabled_by_org');
    expect((await refresh(t, tokens.refresh_token)).status).toBe(200);
  });
});

describe('a grant', () => {
  it('lasts as long as the organization lets tokens and keys last, whatever is refreshed meanwhile', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const limits = { max_pat_expiry_days: 7, max_api_key_expiry_days: 30 };
    const changed = await own.admin.api.patch('/api/v1/orgs/current/info', limits);
    const later = (days: number) =>
      t.sql('update oauth_grants set expires_at = expires_at - make_interval(days => $2) where org_id = $1', [
        own.orgId,
        days,
      ]);
    const first = await signDeviceIn(t, own.admin, own.orgId);
    const statusOf = async (token: string) =>
      (await t.api.as({ token }).get('/api/v1/orgs/current/info')).status;

    await later(6);
    const second = (await refresh(t, first.refresh_token)).body;
    const before = await statusOf(second.access_token);
    await later(1);

    expect([changed.status, before, await statusOf(second.access_token)]).toEqual([200, 200, 401]);
    expect((await refresh(t, second.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('a refresh token', () => {
  it('a refresh token is replaced by each use; the one before is refused, and ends nothing within a minute', async () => {
    const first = await signDeviceIn(t, await member(), org.orgId);

    const second = (await refresh(t, first.refresh_token)).body;
    const replayed = await refresh(t, first.refresh_token);
    const third = await refresh(t, second.refresh_token);

    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(replayed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(third.status).toBe(200);
  });

  it.each([
    ['59 seconds', 200],
    ['61 seconds', 400],
  ])('a refresh token that is used again %s later: refreshing is %i afterwards', async (later, status) => {
    const first = await signDeviceIn(t, await member(), org.orgId);
    const second = (await refresh(t, first.refresh_token)).body;
    await t.sql(
      'update oauth_artifacts set consumed_at = consumed_at - $1::interval where consumed_at is not null',
      [later],
    );

    expect((await refresh(t, first.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
    expect((await refresh(t, second.refresh_token)).status).toBe(status);
  });

  it('a grant that ends by a replay is in the audit log', async () => {
    const person = await member();
    const { refresh_token: token } = await signDeviceIn(t, person, org.orgId);
    await refresh(t, token);
    await t.sql(
      "update oauth_artifacts set consumed_at = consumed_at - interval '2 minutes' where consumed_at is not null",
    );

    await refresh(t, token);

    const [entry] = await t.sql(
      "select details from audit_entries where operation = 'revoke_oauth_grant' and details ->> 'reason' = 'used_again' order by created_at desc limit 1",
    );
    expect(entry).toMatchObject({ details: { client_id: CLI } });
    expect(await t.sql('select 1 from oauth_grants where user_id = $1', [person.userId])).toEqual([]);
  });

  it('one of ten refreshes at once gets tokens', async () => {
    const { refresh_token: token } = await signDeviceIn(t, await member(), org.orgId);

    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(t, token)));

    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200,
      ...Array<number>(9).fill(400),
    ]);
  });

  it('a grant that ends while it is refreshed gives no usable token', async () => {
    const person = await member();
    let usable = (await signDeviceIn(t, person, org.orgId)).refresh_token;
    const refreshing = (async () => {
      for (;;) {
        const { status, body } = await refresh(t, usable);
        if (status !== 200) return;
        usable = body.refresh_token;
      }
    })();
    await t.sql('delete from oauth_grants where user_id = $1', [person.userId]);
    await refreshing;

    const left = await t.sql(
      'select 1 from oauth_artifacts a where a.grant_id is not null and not exists (select from oauth_grants g where g.id = a.grant_id)',
    );
    expect(left).toEqual([]);
    expect((await refresh(t, usable)).status).toBe(400);
  });

  it('a refresh waits for the end of its grant before it uses its token, so that neither fails by a deadlock', async () => {
    const person = await member();
    const { refresh_token: token } = await signDeviceIn(t, person, org.orgId);
    const other = new pg.Client({ connectionString: t.databaseUrl });
    await other.connect();
    await other.query('begin');
    await other.query('select from oauth_grants where user_id = $1 for update', [person.userId]);
    const refreshed = refresh(t, token);
    await waitForBlockedQuery(t);

    await other.query('delete from oauth_grants where user_id = $1', [person.userId]);
    await other.query('commit');
    await other.end();

    expect(await refreshed).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it.each<[string, (userId: string) => [string, unknown[]]]>([
    ['is removed', (id) => ['delete from org_memberships where user_id = $1', [id]]],
    ['is disabled', (id) => ['update org_memberships set is_disabled = true where user_id = $1', [id]]],
    [
      'has no access any more',
      (id) => [
        "update org_memberships set access_expires_at = now() - interval '1 second' where user_id = $1",
        [id],
      ],
    ],
    [
      'has a grant that has ended',
      (id) => ['update oauth_grants set expires_at = now() where user_id = $1', [id]],
    ],
  ])('a refresh token of a person who %s is invalid_grant', async (_, change) => {
    const person = await member();
    const { refresh_token: token } = await signDeviceIn(t, person, org.orgId);
    await t.sql(...change(person.userId));

    expect(await refresh(t, token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('a refresh needs the acr that the organization requires, and not a fresh sign-in', async () => {
    const own = await t.fixtures.orgWithAdmin();
    const { refresh_token: first } = await signDeviceIn(t, own.admin, own.orgId);
    await t.sql(
      "update oauth_grants set acr = 'gold', authenticated_at = now() - interval '1 year' where org_id = $1",
      [own.orgId],
    );
    await t.sql(
      "update organizations set required_acr = '{gold}', max_authentication_age = 3600 where id = $1",
      [own.orgId],
    );

    const second = await refresh(t, first);
    await t.sql("update organizations set required_acr = '{platinum}' where id = $1", [own.orgId]);

    expect(second.status).toBe(200);
    expect((await refresh(t, second.body.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('revocation', () => {
  it('revoking a refresh token ends the grant, an access token only itself, and anything is 200', async () => {
    const person = await member();
    const tokens = await signDeviceIn(t, person, org.orgId);

    for (const token of ['', 'nonsense', 'tnt_rt_x', tokens.access_token])
      expect(await t.post('/api/v1/oauth/revoke', { token })).toMatchObject({ status: 200, body: '' });
    const second = await refresh(t, tokens.refresh_token);
    await t.post('/api/v1/oauth/revoke', { token: second.body.refresh_token });

    expect(second.status).toBe(200);
    expect((await refresh(t, second.body.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
    expect(await t.sql('select 1 from oauth_grants where user_id = $1', [person.userId])).toEqual([]);
  });
});

describe('forms', () => {
  it('a multipart form is accepted, and a repeated parameter is invalid_request', async () => {
    const form = (entries: [string, string][]) => {
      const body = new FormData();
      for (const [name, value] of entries) body.append(name, value);
      return fetch(`${t.url}${CODE}`, { method: 'POST', body });
    };

    expect((await form([['client_id', CLI]])).status).toBe(200);
    const twice = await form([
      ['client_id', CLI],
      ['client_id', CLI],
    ]);
    expect([twice.status, ((await twice.json()) as { error: string }).error]).toEqual([
      400,
      'invalid_request',
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['no grant type', { client_id: CLI }, 'invalid_request'],
    ['an unknown grant type', { client_id: CLI, grant_type: 'password' }, 'unsupported_grant_type'],
    ['client credentials', { client_id: CLI, grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    [
      'an unknown device code',
      { client_id: CLI, grant_type: DEVICE_GRANT, device_code: 'x' },
      'invalid_grant',
    ],
    [
      'an unknown application',
      { client_id: 'x', grant_type: DEVICE_GRANT, device_code: 'x' },
      'invalid_client',
    ],
  ])('the token endpoint refuses %s', async (_, parameters, error) => {
    expect(await t.post('/api/v1/oauth/token', parameters)).toMatchObject({ status: 400, body: { error } });
  });

  it('JSON is no form', async () => {
    expect(await t.api.post('/api/v1/oauth/token', { client_id: CLI })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });
});
