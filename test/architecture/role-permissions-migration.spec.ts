import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { type SystemRoleName, systemRole } from '../../src/modules/rbac/index.js';
import { insertRow, migratedDatabase, undoMigration } from '../support/migrated-database.js';

const MIGRATION = 'ExtendCustomRolesByNewPermissions';

/** By name of the system role: what it held before. */
const BEFORE: Record<string, string[]> = {};

let database: DataSource;
beforeAll(async () => {
  database = await migratedDatabase();
  const everything = systemRole('WORKSPACE_ADMIN').permissions;
  const probe = await role([...everything]);
  await undoMigration(database, MIGRATION);
  const old: ReadonlySet<string> = new Set(await permissionsOf(probe));
  for (const name of ['WORKSPACE_ADMIN', 'WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const)
    BEFORE[name] = systemRole(name).permissions.filter((permission) => old.has(permission));
  await database.runMigrations();
});
beforeEach(() => undoMigration(database, MIGRATION));
afterEach(() => database.runMigrations());
afterAll(() => database.destroy());

/** In an organization of its own. Returns the id. */
async function role(permissions: readonly string[]): Promise<string> {
  const [id, orgId] = [randomUUID(), randomUUID()];
  await insertRow(database, 'organizations', { id: orgId, display_name: 'Acme' });
  await insertRow(database, 'roles', {
    ...{ id, org_id: orgId, name: 'CUSTOM', display_name: id, description: '' },
    ...{ access_scope: 'workspace', permissions },
  });
  return id;
}

const permissionsOf = async (id: string): Promise<string[]> =>
  (await database.query('select permissions from roles where id = $1', [id]))[0].permissions;

async function migrated(permissions: readonly string[]): Promise<string[]> {
  const id = await role(permissions);
  await database.runMigrations();
  return permissionsOf(id);
}

it('undoing the migration leaves the 69 workspace permissions of the previous release', () => {
  expect(BEFORE.WORKSPACE_ADMIN).toHaveLength(69);
  expect(BEFORE.WORKSPACE_VIEWER).toHaveLength(15);
});

it.each([
  [['workspaces:manage'], ['workspaces:manage-keys']],
  [['feedback:create'], ['feedback-configs:create']],
  [['feedback:update'], ['feedback-configs:update']],
  [['feedback:delete'], ['feedback-configs:delete']],
  [['datasets:read'], ['datasets:download']],
  [
    ['datasets:create', 'datasets:read'],
    ['datasets:download', 'datasets:clone'],
  ],
  [['datasets:create'], []],
  [['runs:read'], ['runs:read-inputs', 'runs:read-outputs', 'runs:read-stats']],
  [['workspaces:read', 'workspaces:manage-members', 'feedback:read'], []],
])('a custom role with %j gets %j, behind what it held', async (held, added) => {
  expect(await migrated(held)).toEqual([...held, ...added]);
});

it.each(['WORKSPACE_ADMIN', 'WORKSPACE_USER', 'WORKSPACE_VIEWER'] as const)(
  'a custom role with everything that %s held gets what that role holds now',
  async (name: SystemRoleName) => {
    const after = await migrated(BEFORE[name] ?? []);

    expect(after.toSorted()).toEqual([...systemRole(name).permissions].sort());
  },
);

it('a custom role without one permission of Viewer gets only what its permissions were split into', async () => {
  const held = (BEFORE.WORKSPACE_VIEWER ?? []).filter((permission) => permission !== 'charts:read');

  expect((await migrated(held)).slice(held.length)).toEqual([
    'datasets:download',
    'runs:read-inputs',
    'runs:read-outputs',
    'runs:read-stats',
  ]);
});

it('running the statement a second time changes nothing', async () => {
  const first = await migrated(['runs:read', 'workspaces:manage', 'runs:read-stats']);
  await database.query('delete from migrations where name like $1', [`${MIGRATION}%`]);
  const [{ id }] = await database.query('select id from roles where permissions = $1', [first]);
  await database.runMigrations();

  expect(first).toEqual([
    'runs:read',
    'workspaces:manage',
    'runs:read-stats',
    'workspaces:manage-keys',
    'runs:read-inputs',
    'runs:read-outputs',
  ]);
  expect(await permissionsOf(id)).toEqual(first);
});

it('a role that holds new permissions only survives undoing the migration', async () => {
  const id = await role(['fleet-agents:read']);
  await database.runMigrations();
  await undoMigration(database, MIGRATION);

  expect(await permissionsOf(id)).toEqual(['fleet-agents:read']);
});
