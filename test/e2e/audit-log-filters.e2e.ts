import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AUDIT_LOGS, auditIds, auditPage, EVER } from '../support/audit-log.js';
import type { OrgWithAdmin } from '../support/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const OPERATIONS = `${AUDIT_LOGS}/operations`;
/** Reading writes an entry of its own, which these tests leave out. */
const WORKSPACES = 'operations=create_workspace&operations=update_workspace';

let t: TestApp;
beforeAll(async () => {
  t = await startTestApp();
});
afterAll(() => t.close());

const found = async ({ admin }: OrgWithAdmin, query: string) =>
  (await auditPage(admin.api, `${WORKSPACES}&limit=100&${query}`)).items.map(
    ({ api, resources: [resource] }: any) => `${api.operation} ${resource.uid}`,
  );
const createWorkspace = async ({ api }: OrgWithAdmin['admin']): Promise<string> =>
  (await api.post('/api/v1/workspaces', { display_name: `Workspace ${randomUUID()}` })).body.id;

/** An organization in which two users and a key of the first one have each created a workspace. */
async function orgWithEntries() {
  const org = await t.fixtures.orgWithAdmin();
  const second = await t.fixtures.member(org, { org: 'ORGANIZATION_ADMIN' });
  const { body: key } = await org.admin.api.post('/api/v1/orgs/current/personal-access-tokens', {});
  const byKey = { ...org.admin, api: t.api.as({ key: key.key }) };
  const created = {
    byAdmin: await createWorkspace(org.admin),
    bySecond: await createWorkspace(second),
    byKey: await createWorkspace(byKey),
  };
  return { org, second, keyId: key.id as string, created };
}

describe('filters of the audit log', () => {
  it('selects the entries of one or of several actors', async () => {
    const { org, second, created } = await orgWithEntries();
    const of = (...ids: string[]) =>
      found(org, ids.map((id) => `actor_ls_user_ids=${id.toUpperCase()}`).join('&'));

    expect(await of(second.userId)).toEqual([`create_workspace ${created.bySecond}`]);
    expect(await of(second.userId, org.admin.userId)).toHaveLength(3);
    expect(await of(randomUUID())).toEqual([]);
  });

  it('selects the entries of an API key, and none by the id of a session', async () => {
    const { org, keyId, created } = await orgWithEntries();
    const [session] = await t.sql<{ id: string }>(
      `select credential_id as id from audit_entries where org_id = $1 and resource_ids = array[$2::uuid]`,
      [org.orgId, created.byAdmin],
    );

    expect(await found(org, `actor_api_key_ids=${keyId}`)).toEqual([`create_workspace ${created.byKey}`]);
    expect(await found(org, `actor_api_key_ids=${session?.id}`)).toEqual([]);
  });

  it('selects the entries with at least one of the resources, and none by what is no id', async () => {
    const { org, created } = await orgWithEntries();
    const { bySecond: first, byKey: other } = created;
    await org.admin.api
      .as({ workspaceId: first })
      .patch(`/api/v1/workspaces/${first}`, { display_name: 'New' });

    expect(await found(org, `resource_ids=${first}&resource_ids=${other}&resource_ids=mine`)).toEqual([
      `update_workspace ${first}`,
      `create_workspace ${other}`,
      `create_workspace ${first}`,
    ]);
    expect(await found(org, 'resource_ids=mine')).toEqual([]);
  });

  it('selects the entries of one or of several addresses, in any spelling', async () => {
    const { org, second, created } = await orgWithEntries();
    const [v4, v6] = ['192.0.2.7', '2001:db8::7'];
    const place = (id: string, host: string, age = '0 s') =>
      t.sql(
        `insert into audit_entries (id, org_id, operation, succeeded, user_id, resource_ids, client_host, created_at)
         values (gen_random_uuid(), $1, 'update_workspace', true, $2, array[$3::uuid], $4, now() - $5::interval)`,
        [org.orgId, second.userId, id, host, age],
      );
    await place(created.byAdmin, v4, '1 s');
    await place(created.bySecond, v6);
    const ofBoth = [`update_workspace ${created.bySecond}`, `update_workspace ${created.byAdmin}`];

    expect(await found(org, `client_hosts=${v4}`)).toEqual([ofBoth[1]]);
    expect(await found(org, `client_hosts=2001:DB8:0:0::7&client_hosts=${v4}`)).toEqual(ofBoth);
    expect(
      await found(org, `client_hosts=${v4}&client_hosts=${v6}&resource_ids=${created.bySecond}`),
    ).toEqual([ofBoth[0]]);
    expect(await found(org, 'client_hosts=192.0.2.8')).toEqual([]);
    expect(await found(await t.fixtures.orgWithAdmin(), `client_hosts=${v4}`)).toEqual([]);
  });

  it('returns 422 for what is no address, names it and records no reading', async () => {
    const { org } = await orgWithEntries();

    for (const host of ['10.0.0.0/8', 'fe80::1%25eth0', 'localhost', '']) {
      const hosts = `client_hosts=192.0.2.7&client_hosts=${host}`;
      const { status, body } = await org.admin.api.get(`${AUDIT_LOGS}?${EVER}&${hosts}`);
      expect({ status, loc: body.detail?.[0]?.loc }).toEqual({
        status: 422,
        loc: ['query', 'client_hosts', 1],
      });
    }
    const readings = await t.sql(
      `select 1 from audit_entries where org_id = $1 and operation = 'get_audit_logs' and succeeded`,
      [org.orgId],
    );
    expect(readings).toEqual([]);
  });

  it('combines several filters with AND', async () => {
    const { org, second, keyId, created } = await orgWithEntries();

    const both = `actor_ls_user_ids=${org.admin.userId}&resource_ids=${created.byKey}`;
    expect(await found(org, `${both}&actor_api_key_ids=${keyId}`)).toHaveLength(1);
    expect(await found(org, `${both}&actor_ls_user_ids=${second.userId}`)).toHaveLength(1);
    expect(await found(org, `actor_ls_user_ids=${second.userId}&resource_ids=${created.byKey}`)).toEqual([]);
  });

  it('accepts operations that the server does not know, and finds nothing by them', async () => {
    const { org } = await orgWithEntries();

    const known = await auditPage(org.admin.api, 'operations=create_workspace&operations=rob_bank');
    const unknown = await auditPage(org.admin.api, 'operations=rob_bank');

    expect(known.items).toHaveLength(3);
    expect(unknown).toEqual({ cursor: null, items: [] });
  });

  it('continues a filtered reading over all pages, and records it once with its filters', async () => {
    const { org, keyId } = await orgWithEntries();
    const resource = randomUUID();
    await auditIds(
      org.admin.api,
      `limit=1&actor_ls_user_ids=${org.admin.userId}&operations=create_workspace`,
    );
    const others = `resource_ids=${resource}&resource_ids=mine&client_hosts=192.0.2.7`;
    await auditPage(org.admin.api, `actor_api_key_ids=${keyId}&${others}`);

    const rows = await t.sql<{ details: object }>(
      `select details from audit_entries where org_id = $1 and operation = 'get_audit_logs' order by created_at, id`,
      [org.orgId],
    );
    expect(rows).toHaveLength(2);
    expect(rows[0]?.details).toMatchObject({ actor_ls_user_ids: [org.admin.userId] });
    expect(rows[1]?.details).toMatchObject({
      actor_api_key_ids: [keyId],
      resource_ids: [resource],
      client_hosts: ['192.0.2.7'],
    });
  });

  it('finds nothing of another organization by its actors, keys and resources', async () => {
    const foreign = await orgWithEntries();
    const mine = await t.fixtures.orgWithAdmin();

    const queries = [
      `actor_ls_user_ids=${foreign.second.userId}`,
      `actor_api_key_ids=${foreign.keyId}`,
      `resource_ids=${foreign.created.byAdmin}`,
    ];
    for (const query of queries) expect(await found(mine, query)).toEqual([]);
  });
});

describe('the list of operations', () => {
  it('contains every operation that the server writes, in the order of the published list', async () => {
    const { admin } = await t.fixtures.orgWithAdmin();

    const { status, body } = await admin.api.get(OPERATIONS);

    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['operations']);
    expect(body.operations).toEqual(expect.arrayContaining(['login', 'update_access_policy', 'create_role']));
    expect(body.operations.indexOf('create_api_key')).toBe(0);
    expect(body.operations).not.toContain('create_dataset');
    expect(new Set(body.operations).size).toBe(body.operations.length);
  });

  it('returns 403 to members without the permission to read the audit log', async () => {
    const org = await t.fixtures.orgWithAdmin();
    const lead = await t.fixtures.member(org, { workspace: 'WORKSPACE_ADMIN' });

    expect((await lead.api.get(OPERATIONS)).status).toBe(403);
    expect((await t.api.get(`${AUDIT_LOGS}?${EVER}`)).status).toBe(401);
  });
});
