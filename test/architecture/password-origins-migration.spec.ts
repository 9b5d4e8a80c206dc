import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { systemRole } from '../../src/modules/rbac/index.js';
import { insertRow, migratedDatabase, undoMigration } from '../support/migrated-database.js';

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

it('sets existing passwords to unknown origin and deletes those of former members', async () => {
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
