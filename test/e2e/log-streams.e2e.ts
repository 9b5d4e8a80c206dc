import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditOf } from '../support/audit.js';
import { type OrgWithAdmin, role } from '../support/fixtures.js';
import { ALLOWING_RECEIVERS, type Receiver, startReceiver } from '../support/receiver.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const STREAMS = '/api/v1/orgs/current/log-streams';
const MEMBERS = '/api/v1/orgs/current/members';
const KEYS = '/api/v1/orgs/current/service-keys';

let t: TestApp;
let org: OrgWithAdmin;
let receiver: Receiver;
beforeAll(async () => {
  t = await startTestApp(ALLOWING_RECEIVERS);
});
afterAll(() => t.close());
beforeEach(async () => {
  org = await t.fixtures.orgWithAdmin();
  receiver = await startReceiver();
});
afterEach(() => receiver.stop());

const create = (wish: object = {}, api = org.admin.api) =>
  api.post(STREAMS, { url: receiver.url, description: 'SIEM', ...wish });
const made = async (wish: object = {}) => {
  const { status, body } = await create(wish);
  if (status !== 201) throw new Error(`creating: ${status} ${JSON.stringify(body)}`);
  return body;
};
const get = async (id: string) => (await org.admin.api.get(`${STREAMS}/${id}`)).body;
const patch = (id: string, changes: object) => org.admin.api.patch(`${STREAMS}/${id}`, changes);
const test = (id: string) => org.admin.api.post(`${STREAMS}/${id}/test`);
const codeOf = ({ status, headers }: { status: number; headers: Headers }) => [
  status,
  headers.get('x-error-code'),
];

describe('a log stream', () => {
  it('is created, listed, changed and deleted by an admin, and each change is recorded', async () => {
    const stream = await made({ headers: { Authorization: 'Bearer s3cret', 'X-Source': 'tenantry' } });

    expect(stream).toMatchObject({
      url: receiver.url,
      description: 'SIEM',
      headers: ['Authorization', 'X-Source'],
      is_enabled: true,
      disabled_at: null,
      disabled_reason: null,
      owner_gone: false,
      exceeds_creator: false,
      missed_before: null,
      failures: 0,
      last_attempt: null,
      next_attempt_at: null,
      created_by: org.admin.email,
      created_with: { kind: 'session' },
    });
    const changed = await patch(stream.id, { description: 'archive', is_enabled: false });
    expect(changed.body).toMatchObject({
      description: 'archive',
      is_enabled: false,
      disabled_reason: 'admin',
      headers: ['Authorization', 'X-Source'],
    });
    expect((await patch(stream.id, { is_enabled: true })).body).toMatchObject({
      is_enabled: true,
      disabled_reason: null,
    });
    const { body: page } = await org.admin.api.get(STREAMS);
    expect(page).toMatchObject({ items: [{ id: stream.id }], next_cursor: null });
    expect((await org.admin.api.delete(`${STREAMS}/${stream.id}`)).status).toBe(204);
    expect(codeOf(await org.admin.api.get(`${STREAMS}/${stream.id}`))).toEqual([404, 'log_stream_not_found']);
    expect(await t.sql('select from log_cursors where id = $1', [stream.id])).toEqual([]);

    const operations = ['create_log_stream', 'update_log_stream', 'delete_log_stream'];
    expect((await auditOf(t, org.orgId, operations)).map(({ operation }) => operation)).toEqual([
      'create_log_stream',
      'update_log_stream',
      'update_log_stream',
      'delete_log_stream',
    ]);
    const types = ['created', 'updated', 'enabled', 'disabled', 'deleted'].map(
      (each) => `types=log_stream.${each}`,
    );
    const { body: events } = await org.admin.api.get(`/api/v1/orgs/current/events?${types.join('&')}`);
    expect(events.items.map(({ type, data }: { type: string; data: object }) => [type, data])).toEqual([
      ['log_stream.created', {}],
      ['log_stream.updated', { changed: ['description'] }],
      ['log_stream.disabled', { reason: 'admin' }],
      ['log_stream.enabled', {}],
      ['log_stream.deleted', {}],
    ]);
  });

  it('never shows the values of its headers, nor stores them readable', async () => {
    const { id } = await made({ headers: { Authorization: 'Bearer s3cret' } });

    expect(JSON.stringify([await get(id), (await org.admin.api.get(STREAMS)).body])).not.toContain('s3cret');
    const [row] = await t.sql('select to_jsonb(s)::text as row from log_streams s where id = $1', [id]);
    expect(row).toMatchObject({ row: expect.not.stringContaining('s3cret') });
    expect((await auditOf(t, org.orgId, ['create_log_stream']))[0]).toMatchObject({ resourceIds: [id] });
  });

  it('does not send the values of its headers to another server', async () => {
    const { id } = await made({ headers: { Authorization: 'Bearer s3cret' } });
    const url = 'https://elsewhere.example.com/in';

    const refused = await patch(id, { url });

    expect(codeOf(refused)).toEqual([422, 'log_stream_headers_needed']);
    expect(refused.body.detail[0].loc).toEqual(['body', 'headers']);
    expect((await patch(id, { url: `${receiver.url}/elsewhere` })).status).toBe(200);
    expect((await patch(id, { url, headers: {} })).body).toMatchObject({ url, headers: [] });
  });

  it.each([
    ['http://192.0.2.1/in', ['url']],
    ['https://10.1.2.3/in', ['url']],
    ['https://169.254.169.254/latest', ['url']],
    ['https://[fd00:ec2::254]/', ['url']],
    ['https://user:secret@example.com/', ['url']],
    ['ftp://example.com/', ['url']],
    ['https://[::ffff:10.1.2.3]/', ['url']],
  ])('is refused with the address %s', async (url, path) => {
    const { status, body } = await create({ url });

    expect(status).toBe(422);
    expect(body.detail.map(({ loc }: { loc: string[] }) => loc)).toEqual([['body', ...path]]);
  });

  it.each([
    [{ Host: 'a' }],
    [{ 'content-type': 'a' }],
    [{ 'Content-Encoding': 'gzip' }],
    [{ 'Transfer-Encoding': 'chunked' }],
    [{ connection: 'close' }],
    [{ COOKIE: 'a=b' }],
    [{ 'Webhook-Id': '1' }],
    [{ 'tenantry-batch': '1-2' }],
    [{ 'bad name': 'a' }],
    [{ '': 'a' }],
    [{ 'X-A': 'a\r\nX-B: b' }],
    [{ 'X-A': 'ü' }],
    [{ 'X-A': '' }],
    [{ 'X-A': 7 }],
    [{ 'X-A': `a${' '.repeat(4095)}a` }],
    [{ 'X-A': 'a', 'x-a': 'b' }],
    [{ A: '1', B: '1', C: '1', D: '1', E: '1', F: '1' }],
    [[]],
    [null],
  ])('is refused with the headers %j', async (headers) => {
    const { status, body } = await create({ headers });

    expect(status).toBe(422);
    expect(body.detail).toHaveLength(1);
    expect(body.detail[0].loc.slice(0, 2)).toEqual(['body', 'headers']);
    expect((await org.admin.api.get(STREAMS)).body.items).toEqual([]);
  });

  it('is one of at most five, also when they are created at once', async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, () => create()));

    const refused = replies.filter(({ status }) => status !== 201).map(codeOf);
    expect(refused).toEqual(Array.from({ length: 3 }, () => [409, 'too_many_log_streams']));
    const pages = await org.admin.api.get(`${STREAMS}?limit=3`);
    const rest = await org.admin.api.get(`${STREAMS}?limit=3&cursor=${pages.body.next_cursor}`);
    expect(new Set([...pages.body.items, ...rest.body.items].map(({ id }) => id)).size).toBe(5);
    expect(rest.body.next_cursor).toBeNull();
  });

  it('is the business of organization admins; managers of the organization see it', async () => {
    const url = `${receiver.url}/in/s3cret?key=1`;
    const { id } = await made({ url });
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const member = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    const adminKey = (await org.admin.api.post(KEYS, { org_role_id: role('ORGANIZATION_ADMIN') })).body.key;
    const stranger = await t.fixtures.orgWithAdmin();

    const only = [403, 'only_admins_manage_log_streams'];
    const shown = { id, url: new URL(url).origin };
    expect(await operator.api.get(`${STREAMS}/${id}`)).toMatchObject({ status: 200, body: shown });
    expect((await operator.api.get(STREAMS)).body.items[0]).toMatchObject(shown);
    expect(await get(id)).toMatchObject({ url });
    expect(codeOf(await create({}, operator.api))).toEqual(only);
    expect(codeOf(await create({ url: 7 }, operator.api))).toEqual(only);
    expect(codeOf(await operator.api.patch(`${STREAMS}/${id}`, { is_enabled: false }))).toEqual(only);
    expect(codeOf(await operator.api.post(`${STREAMS}/${id}/test`))).toEqual(only);
    expect(codeOf(await operator.api.delete(`${STREAMS}/${id}`))).toEqual(only);
    expect((await member.api.get(STREAMS)).status).toBe(403);
    const notFound = [404, 'log_stream_not_found'];
    const theirs = stranger.admin.api;
    expect(codeOf(await theirs.get(`${STREAMS}/${id}`))).toEqual(notFound);
    expect(codeOf(await theirs.patch(`${STREAMS}/${id}`, { is_enabled: false }))).toEqual(notFound);
    expect(codeOf(await theirs.post(`${STREAMS}/${id}/test`))).toEqual(notFound);
    expect(codeOf(await theirs.delete(`${STREAMS}/${id}`))).toEqual(notFound);
    expect((await get(id)).is_enabled).toBe(true);
    const byKey = await create({}, t.api.as({ key: adminKey, orgId: org.orgId }));
    expect(byKey.body.created_with).toMatchObject({ kind: 'service_key' });
    expect(codeOf(await patch(randomUUID(), {}))).toEqual(notFound);
  });

  it('is marked when its maker is no longer a member', async () => {
    const maker = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
    const { id } = (await create({}, maker.api)).body;

    await org.admin.api.delete(`/api/v1/orgs/current/members/${maker.membershipId}`);

    expect(await get(id)).toMatchObject({
      owner_gone: true,
      created_by: null,
      created_by_ls_user_id: maker.userId,
    });
  });

  it.each(['session', 'key', 'key of a deleted key'])(
    'ends with its maker if asked, made with a %s',
    async (credential) => {
      const maker = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN', workspace: 'WORKSPACE_ADMIN' });
      const newKey = async (api = maker.api) => {
        const { body } = await api.post(KEYS, { org_role_id: role('ORGANIZATION_ADMIN') });
        return { id: body.id, api: t.api.as({ key: body.key, orgId: org.orgId }) };
      };
      const first = await newKey();
      const second = await newKey(first.api);
      const api = { session: maker.api, key: first.api }[credential] ?? second.api;
      const { id } = (await create({}, api)).body;
      if (api === second.api) await org.admin.api.delete(`${KEYS}/${second.id}`);

      const kept = await org.admin.api.patch(`${MEMBERS}/${maker.membershipId}`, {
        role_id: role('ORGANIZATION_USER'),
      });
      expect([kept.status, kept.body.created_log_streams]).toEqual([200, undefined]);
      const { status, body } = await org.admin.api.delete(
        `${MEMBERS}/${maker.membershipId}?revoke_created=true`,
      );

      expect([status, body.created_log_streams]).toEqual([
        200,
        [{ id, host: new URL(receiver.url).host, description: 'SIEM' }],
      ]);
      expect(codeOf(await org.admin.api.get(`${STREAMS}/${id}`))).toEqual([404, 'log_stream_not_found']);
      expect(await t.sql('select from log_cursors where id = $1', [id])).toEqual([]);
      expect(await auditOf(t, org.orgId, ['delete_log_stream'])).toMatchObject([
        { resourceIds: [id], userId: org.admin.userId },
      ]);
    },
  );

  it('stays, and is listed, when its maker is removed; operators cannot end it', async () => {
    const maker = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });
    await org.admin.api.patch(`${MEMBERS}/${maker.membershipId}`, { role_id: role('ORGANIZATION_ADMIN') });
    const { id } = (await create({}, maker.api)).body;
    await org.admin.api.patch(`${MEMBERS}/${maker.membershipId}`, { role_id: role('ORGANIZATION_USER') });
    const operator = await t.fixtures.member(org, {
      org: 'ORGANIZATION_OPERATOR',
      workspace: 'WORKSPACE_ADMIN',
    });
    const remove = (query = '') => operator.api.delete(`${MEMBERS}/${maker.membershipId}${query}`);

    expect(codeOf(await remove('?revoke_created=true'))).toEqual([403, 'only_admins_manage_log_streams']);
    expect(await get(id)).toMatchObject({ owner_gone: false, exceeds_creator: true });
    expect((await remove()).body.created_log_streams).toMatchObject([{ id }]);
    expect(await get(id)).toMatchObject({ owner_gone: true, exceeds_creator: true });
  });

  it('sends a test line, with its headers, also while it is disabled', async () => {
    const { id } = await made({ headers: { Authorization: 'Bearer s3cret' } });
    await patch(id, { is_enabled: false });
    receiver.received.length = 0;
    receiver.answer = { status: 202, headers: { 'content-type': 'text/plain' }, body: 'thanks' };

    const { status, body } = await test(id);

    expect([status, body]).toEqual([
      200,
      { succeeded: true, duration_ms: expect.any(Number), status: '2xx', code: null, response: null },
    ]);
    const [request] = receiver.received;
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer s3cret',
      'content-type': 'application/x-ndjson',
      'user-agent': expect.stringMatching(/^Tenantry\//),
    });
    const lines = request?.body.split('\n') ?? [];
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      message: 'This is a test of the log stream.',
      class_uid: 6003,
      api: { operation: 'test_log_stream' },
    });
    expect(await auditOf(t, org.orgId, ['test_log_stream'])).toMatchObject([{ resourceIds: [id] }]);
  });

  it('says after a test that the receiver cannot be reached, and not why, on a private address', async () => {
    const { id } = await made();
    await receiver.stop();

    expect((await test(id)).body).toMatchObject({
      succeeded: false,
      status: null,
      code: 'connection_failed',
    });
  });
});
