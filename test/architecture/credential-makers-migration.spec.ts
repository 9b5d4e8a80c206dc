import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { systemRole } from '../../src/modules/rbac/index.js';
import { insertRow, migratedDatabase, undoMigration } from '../support/migrated-database.js';

const MIGRATION = 'RecordMakersOfCredentials';
const [ORG, USER, SESSION] = [randomUUID(), randomUUID(), randomUUID()];
const ROLES = [systemRole('ORGANIZATION_ADMIN'), systemRole('WORKSPACE_ADMIN')] as const;

let database: DataSource;
beforeAll(async () => {
  database = await migratedDatabase();
  for (const { id, name, displayName, description, accessScope } of ROLES)
    await insertRow(database, 'roles', {
      ...{
        id,
        name,
        display_name: displayName,
        description,
        access_scope: accessScope,
        permissions: ['workspaces:read'],
      },
    });
  await insertRow(database, 'organizations', { id: ORG, display_name: 'Acme' });
  await insertRow(database, 'users', { id: USER, email: 'ada@example.com' });
  await insertRow(database, 'org_memberships', {
    ...{ id: randomUUID(), org_id: ORG, user_id: USER, role_id: ROLES[0].id },
    ...{ source: 'manual', created_via: 'unknown' },
  });
});
afterAll(() => database.destroy());

const common = (id: string) => ({ id, org_id: ORG, digest: Buffer.from(id), description: '' });

async function token(parent: string | null): Promise<string> {
  const id = randomUUID();
  const owner = { kind: 'pat', user_id: USER, created_by_user_id: USER, parent_key_id: parent };
  await insertRow(database, 'api_keys', { ...common(id), short_key: 'lsv2_pt_...', ...owner });
  return id;
}

async function serviceKey(createdByUserId: string | null): Promise<string> {
  const id = randomUUID();
  const rights = { kind: 'service', is_org_wide: true, workspace_role_id: ROLES[1].id };
  const maker = { created_by_user_id: createdByUserId };
  await insertRow(database, 'api_keys', { ...common(id), short_key: 'lsv2_sk_...', ...rights, ...maker });
  return id;
}

async function scimToken(makesAdmins = true): Promise<string> {
  const id = randomUUID();
  await insertRow(database, 'scim_tokens', { ...common(id), short_token: 's', makes_admins: makesAdmins });
  return id;
}

const recorded = (operation: string, id: string, kind: string | null, credentialId: string | null) =>
  insertRow(database, 'audit_entries', {
    ...{ id: randomUUID(), org_id: ORG, operation, succeeded: true, resource_ids: [id] },
    ...{ credential_kind: kind, credential_id: credentialId },
  });

const makers = async () =>
  new Map(
    (
      await database.query(`
        select id, created_by_user_id as "by", created_with_kind as kind, created_with_id as "with", maker_key_id as maker
        from api_keys union all
        select id, created_by_user_id, created_with_kind, created_with_id, maker_key_id from scim_tokens`)
    ).map(({ id, ...row }: { id: string }) => [id, row]),
  );

it('fills in who created older keys and tokens, from their parents and the audit log, and nothing else', async () => {
  await undoMigration(database, MIGRATION);
  await database.query('delete from api_keys');
  await database.query('delete from scim_tokens');
  const parent = await token(null);
  const child = await token(parent);
  const key = await serviceKey(USER);
  const keyOfToken = await serviceKey(USER);
  const keyOfDeleted = await serviceKey(USER);
  const installed = await serviceKey(null);
  const deleted = randomUUID();
  const [ofKey, limited, unrecorded] = [await scimToken(), await scimToken(false), await scimToken()];
  await recorded('create_personal_access_token', parent, 'session', SESSION);
  await recorded('create_service_key', keyOfToken, 'personal-access-token', parent);
  await recorded('create_api_key', keyOfDeleted, 'service-key', deleted);
  await recorded('delete_service_key', key, 'service-key', deleted);
  await recorded('create_service_key', installed, null, null);
  await recorded('create_scim_token', ofKey, 'service-key', key);
  await recorded('create_scim_token', limited, 'service-key', key);

  await database.runMigrations();

  const withToken = { kind: 'personal-access-token', with: parent, maker: parent };
  const withKey = { kind: 'service-key', with: key, maker: key };
  const unknown = { kind: null, with: null, maker: null };
  expect(await makers()).toEqual(
    new Map([
      [parent, { by: USER, kind: 'session', with: SESSION, maker: null }],
      [child, { by: USER, ...withToken }],
      [key, { by: USER, ...unknown }],
      [keyOfToken, { by: USER, ...withToken }],
      [keyOfDeleted, { by: USER, kind: 'service-key', with: deleted, maker: null }],
      [installed, { by: null, ...unknown }],
      [ofKey, { by: USER, ...withKey }],
      [limited, { by: null, ...withKey }],
      [unrecorded, { by: null, ...unknown }],
    ]),
  );
});

it('passes what deleted keys have created on to the next key in line, however many are deleted at once', async () => {
  const chain = [await token(null)];
  for (let length = 1; length < 4; length++) {
    const id = await serviceKey(USER);
    await database.query('update api_keys set maker_key_id = $2 where id = $1', [id, chain.at(-1)]);
    chain.push(id);
  }
  const scim = await scimToken();
  await database.query('update scim_tokens set maker_key_id = $2 where id = $1', [scim, chain[2]]);
  const makerOf = async (id: string) => ((await makers()).get(id) as { maker: string | null }).maker;

  await database.query('delete from api_keys where id = any($1)', [[chain[1], chain[2]]]);
  expect([await makerOf(chain[3]!), await makerOf(scim)]).toEqual([chain[0], chain[0]]);

  await database.query('delete from api_keys where id = $1', [chain[0]]);
  expect([await makerOf(chain[3]!), await makerOf(scim)]).toEqual([null, null]);
});
