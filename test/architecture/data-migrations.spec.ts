import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { systemRole } from '../../src/modules/roles/index.js';
import { insertRow, migratedDatabase, undoMigration } from '../support/migrated-database.js';

describe('names of SCIM groups', () => {
  const MIGRATION = 'MakeGroupNamesUniqueWithoutCase';

  let database: DataSource;
  beforeAll(async () => {
    database = await migratedDatabase();
  });
  afterAll(() => database.destroy());

  async function organization(): Promise<string> {
    const id = randomUUID();
    await insertRow(database, 'organizations', { id, display_name: 'Acme' });
    return id;
  }

  let hour = 0;
  async function group(org_id: string, display_name: string): Promise<string> {
    const id = randomUUID();
    const created_at = `2026-01-01T${String((hour += 1)).padStart(2, '0')}:00:00Z`;
    await insertRow(database, 'scim_groups', { id, org_id, display_name, kind: 'admin', created_at });
    return id;
  }

  const groups = async () =>
    new Map(
      (await database.query('select id, display_name, version, kind from scim_groups')).map(
        ({ id, ...row }: { id: string; display_name: string; version: number; kind: string }) => [id, row],
      ),
    );

  it('keeps the name of the oldest of several groups, marks the others, and undoes that', async () => {
    await undoMigration(database, MIGRATION);
    const [org, other] = [await organization(), await organization()];
    const oldest = await group(org, 'Organization Admins');
    const younger = await group(org, 'ORGANIZATION ADMINS');
    const youngest = await group(org, 'organization admins');
    const single = await group(org, 'Team');
    const elsewhere = await group(other, 'organization admins');

    await database.runMigrations();

    const unchanged = { version: 1, kind: 'admin' };
    const changed = { version: 2, kind: 'admin' };
    expect(await groups()).toEqual(
      new Map([
        [oldest, { display_name: 'Organization Admins', ...unchanged }],
        [younger, { display_name: `ORGANIZATION ADMINS (duplicate ${younger})`, ...changed }],
        [youngest, { display_name: `organization admins (duplicate ${youngest})`, ...changed }],
        [single, { display_name: 'Team', ...unchanged }],
        [elsewhere, { display_name: 'organization admins', ...unchanged }],
      ]),
    );
    await expect(group(org, 'TEAM')).rejects.toThrow('scim_groups_one_per_name');

    await undoMigration(database, MIGRATION);
    expect((await groups()).get(younger)).toMatchObject({ display_name: 'ORGANIZATION ADMINS' });
    await database.runMigrations();
  });
});

describe('origins of passwords', () => {
  const MIGRATION = 'RememberWhoChosePasswords';

  let database: DataSource;
  beforeAll(async () => {
    database = await migratedDatabase();
  });
  afterAll(() => database.destroy());

  const insert = (table: string, row: object) => insertRow(database, table, row);

  async function organization(more: object = {}): Promise<string> {
    const id = randomUUID();
    await insert('organizations', { id, display_name: 'Acme', ...more });
    return id;
  }

  async function person(memberOf: string | null): Promise<{ id: string; email: string }> {
    const [id, email] = [randomUUID(), `${randomUUID()}@example.com`];
    await insert('users', { id, email });
    await insert('login_methods', { id: randomUUID(), user_id: id, provider: 'email' });
    await insert('passwords', { user_id: id, digest: 'digest' });
    await insert('sessions', { id: randomUUID(), user_id: id, expires_at: '2100-01-01' });
    const membership = { id: randomUUID(), org_id: memberOf, user_id: id, role_id: USER, source: 'manual' };
    if (memberOf) await insert('org_memberships', membership);
    return { id, email };
  }

  const invite = (email: string, org_id: string) =>
    insert('invitations', { id: randomUUID(), org_id, email, org_role_id: USER, from_workspace: false });

  const madeByScimIn = (org_id: string, { id }: { id: string }) =>
    insert('audit_entries', {
      ...{
        id: randomUUID(),
        org_id,
        operation: 'create_scim_user',
        resource_ids: [id],
        credential_kind: 'scim',
      },
      ...{ succeeded: true, request_method: 'POST', request_path: '/scim/v2/Users' },
    });

  const USER = systemRole('ORGANIZATION_USER').id;

  /** The numbers of passwords, login methods and sessions of a user. */
  async function leftOf({ id }: { id: string }): Promise<unknown[]> {
    const counts = ['passwords', 'login_methods', 'sessions'].map((table) =>
      database.query(`select count(*)::int as count from ${table} where user_id = $1`, [id]),
    );
    return (await Promise.all(counts)).map(([{ count }]) => count);
  }

  it('sets existing passwords to unknown origin and deletes the passwords of former members', async () => {
    await undoMigration(database, MIGRATION);
    const { name, displayName, description, accessScope } = systemRole('ORGANIZATION_USER');
    await insert('roles', {
      ...{
        id: USER,
        name,
        display_name: displayName,
        description,
        access_scope: accessScope,
        permissions: ['organization:read'],
      },
    });
    const only = await organization();
    const [member, former, invited] = [await person(only), await person(null), await person(null)];
    await invite(invited.email, only);
    const byScim = await person(null);
    await invite(byScim.email, only);
    await madeByScimIn(await organization({ is_personal: true }), byScim);

    await database.runMigrations();

    expect(await leftOf(member)).toEqual([1, 1, 1]);
    expect(await leftOf(former)).toEqual([0, 0, 0]);
    expect(await leftOf(invited)).toEqual([1, 1, 1]); // the only organization has invited them
    expect(await leftOf(byScim)).toEqual([0, 0, 0]); // the owner of that personal organization may have chosen it
    const origins = await database.query(
      'select distinct chosen_by, vouching_org_id, address_proved from passwords',
    );
    expect(origins).toEqual([{ chosen_by: 'unknown', vouching_org_id: null, address_proved: false }]);

    await undoMigration(database, MIGRATION);
    await organization();
    await database.runMigrations();

    expect(await leftOf(invited)).toEqual([0, 0, 0]); // either organization may have chosen the password
    expect(await leftOf(member)).toEqual([1, 1, 1]);
  });
});

describe('makers of credentials', () => {
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

  it('keeps as the end of their rights the expiry of keys and SCIM tokens at which a role of their creator ends', async () => {
    await undoMigration(database, 'KeepEndsOfRights');
    await database.query('delete from api_keys');
    await database.query('delete from scim_tokens');
    const [end, other] = ['2036-01-01T00:00:00Z', '2035-01-01T00:00:00Z'];
    await database.query('update org_memberships set access_expires_at = $1', [end]);
    const keys = [
      await serviceKey(USER),
      await serviceKey(USER),
      await serviceKey(USER),
      await serviceKey(null),
    ];
    for (const [index, expiry] of [end, other, null, end].entries())
      await database.query('update api_keys set expires_at = $2 where id = $1', [keys[index], expiry]);
    const tokens = [await scimToken(), await scimToken()];
    await database.query('update scim_tokens set created_by_user_id = $1', [USER]);
    await database.query('update scim_tokens set expires_at = $2 where id = $1', [tokens[0], end]);

    await database.runMigrations();

    const kept = await database.query(
      'select id from api_keys where rights_end_at = expires_at union all select id from scim_tokens where rights_end_at = expires_at',
    );
    expect(kept).toEqual([{ id: keys[0] }, { id: tokens[0] }]);
    await database.query('update org_memberships set access_expires_at = null');
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
});

describe('names of people who left before names were kept', () => {
  let database: DataSource;
  beforeAll(async () => {
    database = await migratedDatabase();
  });
  afterAll(() => database.destroy());

  async function account(email: string, memberOf?: string): Promise<string> {
    const id = randomUUID();
    await insertRow(database, 'users', { id, email, full_name: `Name of ${email}` });
    const role_id = systemRole('ORGANIZATION_USER').id;
    if (memberOf)
      await insertRow(database, 'org_memberships', {
        ...{ id: randomUUID(), org_id: memberOf, user_id: id, role_id, source: 'manual' },
      });
    return id;
  }

  const entry = (org_id: string, fields: object) =>
    insertRow(database, 'audit_entries', {
      ...{ id: randomUUID(), org_id, operation: 'login', succeeded: true, resource_ids: [], ...fields },
    });

  it('are those of accounts that no organization has and whom entries show as members, and of no strangers', async () => {
    await undoMigration(database, 'KeepNamesBesideTheAuditLog');
    const { id: roleId, name, displayName, description, accessScope } = systemRole('ORGANIZATION_USER');
    await insertRow(database, 'roles', {
      ...{ id: roleId, name, display_name: displayName, description, access_scope: accessScope },
      permissions: ['organization:read'],
    });
    const [org, other] = [randomUUID(), randomUUID()];
    for (const id of [org, other]) await insertRow(database, 'organizations', { id, display_name: 'Acme' });
    const [removed, identity] = [await account('removed@example.com'), randomUUID()];
    const actor = await account('actor@example.com');
    const inDetails = await account('details@example.com');
    const elsewhere = await account('elsewhere@example.com', other);
    const stranger = await account('stranger@example.com');
    await entry(org, {
      operation: 'delete_org_member',
      resource_ids: [identity],
      details: { resource_owner_ls_user_id: removed },
    });
    await entry(org, { user_id: actor, credential_kind: 'session' });
    await entry(org, { user_id: elsewhere, credential_kind: 'session' });
    await entry(org, { details: { org_members_removed: { [inDetails]: 'role' } } });
    await entry(org, { user_id: stranger, resource_ids: [stranger], succeeded: false });
    await entry(org, { user_id: stranger, details: { org_members_added: 'not an object' } });

    await database.runMigrations();

    const rows = await database.query('select org_id, name, ids from audit_names order by name');
    expect(rows).toEqual([
      { org_id: org, name: 'Name of actor@example.com', ids: [actor] },
      { org_id: org, name: 'Name of details@example.com', ids: [inDetails] },
      { org_id: org, name: 'Name of removed@example.com', ids: [removed, identity] },
    ]);
  });
});
